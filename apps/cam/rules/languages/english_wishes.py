"""English, of what people want: yes, no, never again."""

INTEREST = (
    r"\bgreat timing\b|\bbook (?:a|some|any) (?:slot|time|call|meeting|demo)\b|\b(?:set|line|fix) up (?:a|some)\b",
    r"\binterested\b(?! in our)",
    r"\b(?:sounds|looks) (?:good|great|interesting|promising|useful|like (?:something|a plan|a good))",
    r"\b(?:works|suits|fine) (?:for|by|with) (?:me|us)\b",
    r"\blet(?:'s| us) (?:talk|chat|meet|speak|set|schedule|book|do|arrange|discuss|connect|catch up|have a)",
    (
        r"\b(?:happy|glad|keen|love|like|pleased|delighted|open|willing|eager) to (?:(?:have|get|see|hear|learn|"
        r"chat|talk|meet|discuss|know|understand|jump|hop|arrange|book|set|take|explore|connect|find|schedule|"
        r"speak)\b)"
    ),
    (
        r"\b(?:i'd|i would|we'd|we would|i|we) (?:still |really |very much )?(?:like|love) (?:that|a|the|some|"
        r"more)\b"
    ),
    r"\b(?:tell|show) (?:me|us) (?:more|how)",
    (
        r"\b(?:send|share|forward|e-?mail) (?:me |us |over |through |along |it |them )*(?:a |an |the |your |"
        r"some |more |further |any )*(?:info|information|details|proposal|quote|quotation|pricing|prices|"
        r"price list|case stud|deck|brochure|references|examples|material|overview|over|calendar|invite)"
    ),
    r"\b(?:more|further) (?:info|information|details)\b",
    (
        r"\bwhat (?:would|does|do|will|is|are|'s)\b[^.?!\n]{0,60}\b(?:cost|charge|price|prices|pricing|rates?|"
        r"fees?)\b"
    ),
    r"\bhow much\b|\bshare pricing|\b(?:call|ring|phone) (?:me|us)\b(?! again)",
    r"\bgive (?:me|us) a (?:call|ring|shout)|\byou can (?:reach|call) me",
    r"\bmy (?:calendar|calendly|booking link)\b|\bgrab (?:a|any|whatever) (?:slot|time)",
    r"\b(?:send|shoot|drop) (?:me |us )?an? (?:calendar )?invit|\bbook it\b|\bpencil (?:me|us) in",
    r"\b(?:are you|i am|i'm|we are|we're|you) (?:free|available|around)\b(?! to (?:unsub))|\bfree for a\b",
    r"\bcan (?:you|we) (?:do|talk|meet|speak|chat|hop|jump|schedule)\b|\bcould (?:we )?(?:meet|talk|speak)\b",
    r"\bcould you (?:forward|send|share|call|come)|\b(?:a|your|the) demo\b|\bnext steps?\b|\bwhat'?s next\b",
    r"\bwhere do we (?:start|sign)|\bhow do we (?:start|proceed)|\bwhy not\b|\bcount (?:me|us) in\b",
    r"\bsign (?:me|us) up\b|\bgo ahead\b|\bi'm in\b|\bwe're in\b|\byes,? please\b",
    (
        r"\blooking (?:for|to hire|to find) (?:a |an |some)?(?:new )?(?:partner|agency|someone|provider|"
        r"marketing|help)\b"
    ),
    r"\bwe (?:could|can) use (?:some|a|this|help)|\bcould use\b|\bcurious\b|\brelevant (?:for|to) us\b",
    r"\btiming is (?:right|good|great|perfect)|\bgood timing|\bfunny timing|\bperfect timing",
    r"\bgood to hear from you",
    r"\b(?:please|kindly) (?:send|share|forward|provide|arrange|schedule) (?:me |us )?(?:a|the|your|some|more)\b",
    r"^(?:yes|yep|yeah|sure|absolutely|definitely|ok,? let's)\b[^.!?\n]{0,3}",
    (
        r"\b(?:do|would|could|can|will) (?:you|your \w+) (?:also |even |guys |perhaps |maybe |please |"
        r"possibly )*(?:do|offer|have|work|cover|provide|handle|know|charge|come|walk|talk|help|show|explain|"
        r"give|put|drop|pop|present|quote|take|tell|start|propose|suggest|run|visit|ring|set|arrange|join|bring|"
        r"elaborate|support|manage|book)\b"
    ),
    r"\bcan (?:i|we) (?:get|see|have|talk|speak|book|call|meet|try|arrange|ask|start)\b",
    r"\b(?:may|could) (?:i|we) (?:get|see|have|talk|speak|book|call|meet)\b",
    r"\bwhen (?:could|can|would|are|do|might) (?:you|we)\b",
    r"\bwho (?:do|can|should|would) (?:i|we) (?:talk|speak|contact|call|meet)",
    r"\bhow (?:would|does|do|will|soon|long|quickly) (?:this|it|that|you|we|can|could|would)\b[^.!?\n]{0,40}",
    (
        r"\b(?:we'd|i'd|we would|i would|we are|we're|i'm|i am) (?:be )?(?:up for|game|all ears|on board|"
        r"happy to|in favou?r|keen)\b"
    ),
    r"\bup for (?:it|that|this|a)\b",
    r"\b(?:put|stick|get) (?:me|us|something|it|this) (?:down|in) (?:for|the|my|our|your)\b",
    r"\bin the (?:diary|calendar)\b|\blet (?:me|us) know (?:when|what|which|your|how|a)\b",
    r"\b(?:find out|know|learn|hear|read) (?:a bit |some |a little )?more\b",
    r"\bliked? (?:it|this|what|the idea|the sound|your)\b|\blove (?:it|this|the idea)\b",
    r"\b(?:get|got) (?:started|going|the ball)\b|\ba (?:quote|quotation|estimate|price|proposal|rough idea)\b",
    r"\b(?:on|over|via) (?:zoom|teams|skype|meet|a coffee|coffee|lunch)\b|\bmake time\b",
    (
        r"\b(?:could|would|might|may) be (?:helpful|useful|of (?:use|interest)|a (?:good|great) fit|worth|good|"
        r"great|nice|interesting)\b"
    ),
    r"\bworth (?:a|an|exploring|discussing|looking)\b|\bright up our\b",
    r"\b(?:needs?|due) (?:an? )?(?:overhaul|refresh|help|update|boost)\b|\bon (?:our|my) (?:radar|list)\b(?! of)",
    (
        r"^(?:(?:hi|hello|hey|dear)(?: \w+)?,? )?(?:yes|yep|yeah|sure|absolutely|definitely|gladly)\b(?! but|"
        r" i am aware)"
    ),
    (
        r"\b(?:references?|examples?|experience|case stud\w+|results|packages?|clients?|portfolio|track record|"
        r"timeline|minimum|contract|set-?up|samples?)\b[^.!?\n]{0,60}\?"
    ),
    r"\b(?:happy|glad|pleased|willing) to (?:give|spare|listen|consider|look|join|introduce|try|be)\b",
    r"\bopen to (?:ideas|it|this|that|suggestions|a|hearing|exploring)\b",
    r"\b(?:got|caught) (?:my|our) (?:attention|interest|eye)\b|\b(?:just|exactly|precisely) what (?:we|i)\b",
    r"\bintrigu\w+\b|\bwhat's the catch\b|\bgo on then\b|\bnice one\b",
    (
        r"\b(?:fix|set|find|agree|arrange|suggest|propose|pick|choose) (?:a|another|some) (?:date|day|time|slot|"
        r"call|meeting|times|dates)\b"
    ),
    r"\b(?:get|be) in touch with my (?:pa|assistant|secretary|office)\b",
    (
        r"\b(?:tuesday|monday|wednesday|thursday|friday|tomorrow|next week|this week|morning|afternoon|noon|"
        r"lunch)\b[^.!?\n]{0,25}\?"
    ),
    (
        r"\b(?:tuesday|monday|wednesday|thursday|friday|tomorrow|next week) (?:works|is (?:fine|good|best|ok)|"
        r"suits|at \d)"
    ),
    (
        r"\bwhat (?:do|can|could|would|is|are) (?:you|your|we|included|in it)\b(?! (?:want|name|mean|doing|"
        r"doing with))[^.!?\n]{0,50}\?"
    ),
    r"\bwhat's (?:included|involved|your)\b|\bexplain (?:how|what|more)\b|\bkeen\b|\bexcited\b|\bimpressed\b",
    r"\blook(?:ing)? forward to (?:it|hearing|your|speaking|meeting|seeing|our|talking)\b",
    (
        r"\b(?:could|can|should|shall|may) we (?:do|try|start|have|get|see|do|use|begin|go|come|ask|run|split|"
        r"also)\b"
    ),
    r"\bhave you (?:ever |already )?(?:worked|done|had|got|helped|any)\b|\bdo you have\b",
)

REFUSAL = (
    r"\bno,? (?:thanks|thank you|thx|ta|cheers)\b|\bthanks,? but no\b|^no\b[.! ]{0,3}$|\bnope\b|\bnah\b",
    r"\bno (?:real )?(?:interest|need|use|requirement|appetite|budget|money|plans?|capacity)\b",
    (
        r"(?:\bnot|n't|isn't|never) (?:really |quite |currently |exactly |be )?(?:for (?:us|me)\b|"
        r"a (?:good )?(?:fit|match)|our thing|my thing|needed|necessary|required|looking\b|in the market|buying|"
        r"something (?:we|i)|relevant|suitable|right for|a priority|going to work|of interest|our cup)"
    ),
    (
        r"\b(?:i|we|it|that|this)(?:'m| am|'re| are|'ll| will| must|'ve| have| going)?\b[^.!?\n]{0,25}\b(?:pass|"
        r"decline)\b(?! (?:it|this|that|your|on (?:to|your)))"
    ),
    r"\b(?:pass|decline) (?:on (?:this|it|that)|this time|for now)|\bsay(?:ing)? no\b|\bhave to decline",
    r"\b(?:already|currently|happily) (?:have|work|working|use|using|with|got|covered|under contract|in place)\b",
    (
        r"\b(?:have|work with|working with|use|using|got) (?:an?|our|another) (?:other |own |existing |great |"
        r"good |full-time |inhouse |in-house )*(?:agency|provider|partner|supplier|vendor|marketer|"
        r"marketing team)\b"
    ),
    r"\b(?:very |quite |perfectly )?(?:happy|satisfied|content) with (?:our|the|what|who|them)|\bin-?house\b",
    r"\bourselves\b",
    (
        r"(?:\bnot|n't|nor) (?:currently )?(?:have|got) (?:the |a |any |enough )?(?:budget|money|funds|need|"
        r"capacity|interest|time|use)\b"
    ),
    r"\bbudget (?:is|has been|was) (?:cut|spent|frozen|gone|allocated)",
    r"\b(?:can't|cannot|can not|couldn't) afford|\btoo (?:expensive|pricey|costly|dear)|\bout of (?:our )?budget",
    (
        r"\b(?:we're|we are|i'm|i am) (?:all )?(?:set|good|sorted|covered|fine)\b(?! (?:for|with|on) (?:monday|"
        r"tuesday|wednesday|thursday|friday|that|a))"
    ),
    r"\ball set\b|\bnothing (?:for|you) (?:us|can)",
    (
        r"\b(?:don't|do not|doesn't|does not|didn't) (?:see|have|feel|need|want|require|wish|think|believe|do|"
        r"buy|outsource|take|use)\b[^.!?\n]{0,50}\b(?:need|this|that|it|any|anything|work|one|help|marketing|"
        r"services|fit|agency|agencies|interest|value)\b"
    ),
    r"\bdecided (?:to (?:go|stay|stick|work|continue) with|against|not)\b",
    (
        r"\b(?:gone|went|going|go|stay|stick|sticking) with (?:another|someone|a different|our current|"
        r"our existing|somebody)"
    ),
    r"\bchosen (?:another|a different|someone)|\bclosing (?:the|our|down|up|shop)\b",
    r"\bruled (?:it |this |that )?out\b|\bout of the question",
    r"\bwon't (?:be )?(?:need|move|moving|proceed|work|happen|buy|take|go)",
    r"\bnot (?:be )?(?:moving|proceeding|going) (?:ahead|forward)",
    r"\bnot (?:at (?:this|the) (?:time|moment|point)|right now|now|today|yet|anymore)\b",
    r"\bwould (?:have been|rather)\b|\bgood luck\b|\ball the best with (?:it|that)\b",
    r"\bhappy (?:as we are|where we are)|\bnot keen\b|\bno thank",
    (
        r"(?:\bnot|n't) (?:currently |really |actively |going to be |be )?(?:taking|seeking|planning|"
        r"considering|accepting|adding|pursuing|changing|spending|outsourcing|investing|switching|hiring|"
        r"shopping)\b"
    ),
    r"(?:\bnot|n't) (?:really )?(?:make|making) sense\b|(?:\bnot|n't) (?:something|anything) (?:we|i|that|for)\b",
    r"(?:\bnot|n't) (?:convinced|persuaded|worth|a good use)\b|\bleave it\b",
    r"\bnothing (?:you|for you|we need|there)\b|\bwrong (?:fit|time|moment|company)\b",
    r"\b(?:bad|poor|not a good|not the right) (?:fit|time|timing|moment)\b|\bmiss(?:ing)? the mark\b",
    (
        r"\b(?:handles?|does|do|looks? after|takes? care of|manages?|runs?|covers?) (?:all |all of )?(?:this|it|"
        r"that|these|our (?:marketing|advertising|social|website|campaigns?)) (?:for us|already|internally|"
        r"themselves)\b"
    ),
    (
        r"\b(?:head office|sister company|the group|my (?:wife|husband|son|daughter|brother|sister|nephew|niece)"
        r"|our (?:franchisor|landlord)) (?:already )?(?:handles|does|looks after|takes care)\b"
    ),
    r"\bsomeone (?:else )?(?:already )?(?:does|doing|handling|handles|looks after)\b",
    r"\bhave (?:someone|somebody|people) (?:for|who|that|doing)\b",
    r"\b(?:signed|renewed|locked|tied) (?:a|an|up|in|into|with|for|our)\b[^.!?\n]{0,40}|\bunder contract\b",
    r"\banswer (?:is|remains|stays|is still|will be|has not changed)\b[^.!?\n]{0,12}\b(?:no|same|negative)\b",
    r"\bno from (?:me|us)\b|\ba no\b|\bhard pass\b|\bno can do\b|\bcount (?:me|us) out\b",
    r"\bi'm out\b(?! (?:of|from|today|until|all|this))|\bwe're out\b(?! (?:of|from|today|until|all|this))",
    r"\bno longer (?:need|require|want|interested|looking)\b|\bhappy (?:as is|with how|with things)\b",
    r"\b(?:doing|getting on) fine\b|\bnot (?:this (?:year|time|quarter)|on our)\b|\bother priorities\b",
    r"\bnot a priority\b|\bdon't (?:bother|call|ring|come)\b|\bstick(?:ing)? (?:with|to)\b",
    r"\bno reason to (?:change|switch)|\bcan't see (?:it|this|us|how)\b",
    r"\bdo (?:this|it|that|everything|all of it) (?:ourselves|myself|in|on our own)\b|\bfreeze on\b",
    r"\bspending (?:is|has been) frozen",
    (
        r"\b(?:will|would|do|does|can|could|shall|are|is|have|am|'re|'ll)(?: not|n't|not)"
        r"\b[^.!?\n]{0,25}\b(?:proceed\w*|mov(?:e|ing) (?:forward|ahead|on)|continu\w+|tak(?:e|ing) (?:this|it|"
        r"that|up|you)|need\w*|want|work(?:ing)? with|us(?:e|ing) (?:agencies|an agency|external|outside)|"
        r"buy\w*|spend\w*|going (?:ahead|forward|to)|require\w*|engag\w+|pursu\w+|participat\w+|consider\w*|"
        r"suit\w*|apply|outsourc\w+|advertis\w+|afford|justify)\b"
    ),
    r"\bno (?:funds?|say|say in|call for|room|scope|demand|benefit|value|point|resources?|intention|way)\b",
    r"\bnever again\b|\b(?:wast(?:e|ing)) (?:your|my|our) time\b|[,;] no$",
    (
        r"\b(?:done|decided|handled|managed|run|controlled) (?:by|at|from) (?:head office|headquarters|hq|"
        r"the group|corporate|our parent)\b"
    ),
    r"\b(?:tried|used|done) (?:this|it|that|agencies|one|these) before\b|\bgot (?:burnt|burned)\b",
    (
        r"\b(?:retiring|shutting down|winding (?:down|up)|selling (?:up|the)|ceasing trading|bankrupt|"
        r"insolven\w+|going out of business)\b"
    ),
    r"\bas a matter of policy\b|\bnot (?:on|in) the (?:cards|table)\b|\brather not\b|\bmoved on\b",
    r"\b(?:beyond|outside|above|over) (?:our|my|the) (?:budget|means|reach)\b",
    (
        r"\b(?:nephew|niece|son|daughter|husband|wife|brother|sister|friend|cousin|father|mother|receptionist|"
        r"in-laws?) (?:already )?(?:does|do|handles?|runs?|looks? after|takes? care)\b"
    ),
)

UNSUBSCRIBE = (
    (
        r"^(?:please |pls |kindly )?(?:unsubscribe|remove|stop|opt[ -]?out|unsub|delete|no more)(?: me| us|"
        r" my (?:e-?mail|address))?[.! ]{0,4}$"
    ),
    r"\bunsubscribe (?:me|us|my|this|our|from)\b|\b(?:please|pls|kindly|to|be|immediately) unsubscribed?\b",
    r"\bhow (?:do|can) i (?:unsubscribe|opt out|get off|stop)",
    (
        r"\bremove (?:me|us|my|our|this|the|these|him|her|all)\b[^.!?\n]{0,50}\b(?:from|off|list|database|"
        r"mailing|address|records|contact)"
    ),
    r"\bremove (?:me|us)\b|\btake (?:me|us|my|our|this)\b[^.!?\n]{0,40}\boff\b",
    r"\bget (?:me |us )?off (?:this|your|the|of)\b",
    r"\boff (?:your|this|the) (?:mailing |email |distribution |contact )?list",
    (
        r"\b(?:stop|cease|quit|refrain from|desist from) (?:all |any |from )?(?:\w+ ){0,2}?(?:e-?mailing|"
        r"mailing|contacting|writing|sending|messaging|communication|communicating|spamming|e-?mails?|mails?|"
        r"messages|contact|correspondence|bothering|harassing|this)\b"
    ),
    r"\bopt(?:ing)?(?: me| us)?[ -]?out\b",
    (
        r"\b(?:do not|don't|dont|never|not to|no longer) (?:ever |want you to )?(?:contact|e-?mail|mail|write|"
        r"message|reach out|text|send|bother|approach|call)\b[^.!?\n]{0,30}\b(?:again|any ?more|me\b|us\b|"
        r"anything|further|e-?mails?|messages|in (?:the )?future)"
    ),
    (
        r"\b(?:delete|erase|destroy|purge|scrub)\b[^.!?\n]{0,50}\b(?:data|address|details|e-?mail|information|"
        r"records?|contact)\b"
    ),
    r"\bright to (?:erasure|be forgotten|object)\b|\bwithdraw (?:my|our|any) consent",
    r"\bobject to (?:the )?(?:processing|use|direct marketing)",
    r"\bno (?:more|further) (?:e-?mails?|mails?|messages|contact|communications?|mailings?)\b",
    r"(?:\bnot|n't) (?:want|wish|like|care) (?:to )?(?:receive|get|be contacted|hear)\b|\bany further mailings",
    r"\bleave (?:me|us) alone\b|\blose my (?:address|number|e-?mail)|\b(?:this|that|your mail|it) is spam\b",
    r"\breport(?:ed|ing)? (?:you|this|it) (?:to|as|for)\b|\bmark(?:ed|ing)? (?:this|you|it) as spam",
    (
        r"\b(?:remove|delete|take|drop|strike)\b[^!?\n]{0,70}\b(?:from|off)\b[^.!?\n]{0,40}\b(?:lists?|database|"
        r"mailings?|records|system|crm|campaigns?|sequence)\b"
    ),
    r"\bcease and desist\b|\bout of (?:this|your|the) (?:mailing |e-?mail )?(?:list|sequence|campaign)",
    r"\bno longer (?:wish|want|like|care) to (?:get|receive|be|hear|see)\b",
    r"\benough (?:with|of) (?:the|these|this|your)\b[^.!?\n]{0,20}\b(?:e-?mails?|mails?|spam|messages)\b",
    r"\b(?:enough|sick|tired|fed up)\b[^.!?\n]{0,20}\b(?:e-?mails|mails|spam)\b|\bunsolicited\b|\bdo not spam\b",
    r"\bspamming\b|\bblock(?:ed|ing)? (?:you|your)\b|\bblacklist\b|\b(?:formal )?complaint\b[^.!?\n]{0,30}$",
    r"\bhear from you (?:again|one more|any more|anymore)\b|\b(?:don't|do not|dont) send\b",
    r"\bnever (?:asked|signed up|subscribed|agreed|consented|opted)\b",
    r"\bdidn't (?:ask|sign up|subscribe|agree|consent|opt)\b|\bwithout (?:my|our) (?:consent|permission)\b",
    r"\bharass\w*|\btake (?:this|that|the) (?:address|e-?mail)\b[^.!?\n]{0,20}\boff\b",
)
