"""English."""

from apps.cam.rules.languages.phrases import Language

ENGLISH = Language(
    locale="en",
    interest=(
        r"\binterested\b(?! in our)",
        r"\b(?:sounds|looks) (?:good|great|interesting|promising|useful|like (?:something|a plan|a good))",
        r"\b(?:works|suits|fine) (?:for|by|with) (?:me|us)\b",
        (r"\blet(?:'s| us) (?:talk|chat|meet|speak|set|schedule|book|do|arrange|discuss|" r"connect|catch up|have a)"),
        (
            r"\b(?:happy|glad|keen|love|like|pleased|delighted|open|willing|eager) to (?:(?:have|"
            r"get|see|hear|learn|chat|talk|meet|discuss|know|understand|jump|hop|arrange|"
            r"book|set|take|explore|connect|find|schedule|speak)\b)"
        ),
        (
            r"\b(?:i'd|i would|we'd|we would|i|we) (?:still |really |very much )?(?:like|"
            r"love) (?:that|a|the|some|more)\b"
        ),
        r"\b(?:tell|show) (?:me|us) (?:more|how)",
        (
            r"\b(?:send|share|forward|e-?mail) (?:me |us |over |through |along |it |"
            r"them )*(?:a |an |the |your |some |more |further |any )*(?:info|information|"
            r"details|proposal|quote|quotation|pricing|prices|price list|case stud|deck|"
            r"brochure|references|examples|material|overview|over|calendar|invite)"
        ),
        r"\b(?:more|further) (?:info|information|details)\b",
        (
            r"\bwhat (?:would|does|do|will|is|are|'s)\b[^.?!\n]{0,60}\b(?:cost|charge|"
            r"price|prices|pricing|rates?|fees?)\b"
        ),
        r"\bhow much\b",
        r"\bshare pricing",
        r"\b(?:call|ring|phone) (?:me|us)\b(?! again)",
        r"\bgive (?:me|us) a (?:call|ring|shout)",
        r"\byou can (?:reach|call) me",
        r"\bmy (?:calendar|calendly|booking link)\b",
        r"\bgrab (?:a|any|whatever) (?:slot|time)",
        r"\b(?:send|shoot|drop) (?:me |us )?an? (?:calendar )?invit",
        r"\bbook it\b",
        r"\bpencil (?:me|us) in",
        r"\b(?:are you|i am|i'm|we are|we're|you) (?:free|available|around)\b(?! to (?:unsub))",
        r"\bfree for a\b",
        r"\bcan (?:you|we) (?:do|talk|meet|speak|chat|hop|jump|schedule)\b",
        r"\bcould (?:we )?(?:meet|talk|speak)\b",
        r"\bcould you (?:forward|send|share|call|come)",
        r"\b(?:a|your|the) demo\b",
        r"\bnext steps?\b",
        r"\bwhat'?s next\b",
        r"\bwhere do we (?:start|sign)",
        r"\bhow do we (?:start|proceed)",
        r"\bwhy not\b",
        r"\bcount (?:me|us) in\b",
        r"\bsign (?:me|us) up\b",
        r"\bgo ahead\b",
        r"\bi'm in\b",
        r"\bwe're in\b",
        r"\byes,? please\b",
        (
            r"\blooking (?:for|to hire|to find) (?:a |an |some)?(?:new )?(?:partner|"
            r"agency|someone|provider|marketing|help)\b"
        ),
        r"\bwe (?:could|can) use (?:some|a|this|help)",
        r"\bcould use\b",
        r"\bcurious\b",
        r"\brelevant (?:for|to) us\b",
        r"\btiming is (?:right|good|great|perfect)",
        r"\bgood timing",
        r"\bfunny timing",
        r"\bperfect timing",
        r"\bgood to hear from you",
        (
            r"\b(?:please|kindly) (?:send|share|forward|provide|arrange|schedule) (?:me |"
            r"us )?(?:a|the|your|some|more)\b"
        ),
        r"^(?:yes|yep|yeah|sure|absolutely|definitely|ok,? let's)\b[^.!?\n]{0,3}",
        r"\b(?:do|would|could|can|will) (?:you|your \w+) (?:also |even |guys |perhaps |maybe |please |possibly )*(?:do|offer|have|work|cover|provide|handle|know|charge|come|walk|talk|help|show|explain|give|put|drop|pop|present|quote|take|tell|start|propose|suggest|run|visit|ring|set|arrange|join|bring|elaborate|support|manage|book)\b",
        r"\bcan (?:i|we) (?:get|see|have|talk|speak|book|call|meet|try|arrange|ask|start)\b|\b(?:may|could) (?:i|we) (?:get|see|have|talk|speak|book|call|meet)\b",
        r"\bwhen (?:could|can|would|are|do|might) (?:you|we)\b|\bwho (?:do|can|should|would) (?:i|we) (?:talk|speak|contact|call|meet)|\bhow (?:would|does|do|will|soon|long|quickly) (?:this|it|that|you|we|can|could|would)\b[^.!?\n]{0,40}",
        r"\b(?:we'd|i'd|we would|i would|we are|we're|i'm|i am) (?:be )?(?:up for|game|all ears|on board|happy to|in favou?r|keen)\b|\bup for (?:it|that|this|a)\b",
        r"\b(?:put|stick|get) (?:me|us|something|it|this) (?:down|in) (?:for|the|my|our|your)\b|\bin the (?:diary|calendar)\b",
        r"\blet (?:me|us) know (?:when|what|which|your|how|a)\b|\b(?:find out|know|learn|hear|read) (?:a bit |some |a little )?more\b|\bliked? (?:it|this|what|the idea|the sound|your)\b|\blove (?:it|this|the idea)\b",
        r"\b(?:get|got) (?:started|going|the ball)\b|\ba (?:quote|quotation|estimate|price|proposal|rough idea)\b|\b(?:on|over|via) (?:zoom|teams|skype|meet|a coffee|coffee|lunch)\b|\bmake time\b",
        r"\b(?:could|would|might|may) be (?:helpful|useful|of (?:use|interest)|a (?:good|great) fit|worth|good|great|nice|interesting)\b|\bworth (?:a|an|exploring|discussing|looking)\b|\bright up our\b|\b(?:needs?|due) (?:an? )?(?:overhaul|refresh|help|update|boost)\b|\bon (?:our|my) (?:radar|list)\b(?! of)",
        r"^(?:(?:hi|hello|hey|dear)(?: \w+)?,? )?(?:yes|yep|yeah|sure|absolutely|definitely|gladly)\b(?! but| i am aware)",
        r"\b(?:references?|examples?|experience|case stud\w+|results|packages?|clients?|portfolio|track record|timeline|minimum|contract|set-?up|samples?)\b[^.!?\n]{0,60}\?",
        r"\b(?:happy|glad|pleased|willing) to (?:give|spare|listen|consider|look|join|introduce|try|be)\b|\bopen to (?:ideas|it|this|that|suggestions|a|hearing|exploring)\b|\b(?:got|caught) (?:my|our) (?:attention|interest|eye)\b|\b(?:just|exactly|precisely) what (?:we|i)\b|\bintrigu\w+\b|\bwhat's the catch\b|\bgo on then\b|\bnice one\b",
        r"\b(?:fix|set|find|agree|arrange|suggest|propose|pick|choose) (?:a|another|some) (?:date|day|time|slot|call|meeting|times|dates)\b|\b(?:get|be) in touch with my (?:pa|assistant|secretary|office)\b|\b(?:tuesday|monday|wednesday|thursday|friday|tomorrow|next week|this week|morning|afternoon|noon|lunch)\b[^.!?\n]{0,25}\?|\b(?:tuesday|monday|wednesday|thursday|friday|tomorrow|next week) (?:works|is (?:fine|good|best|ok)|suits|at \d)",
        r"\bwhat (?:do|can|could|would|is|are) (?:you|your|we|included|in it)\b(?! (?:want|name|mean|doing|doing with))[^.!?\n]{0,50}\?|\bwhat's (?:included|involved|your)\b|\bexplain (?:how|what|more)\b|\bkeen\b|\bexcited\b|\bimpressed\b|\blook(?:ing)? forward to (?:it|hearing|your|speaking|meeting|seeing|our|talking)\b",
    ),
    refusal=(
        r"\bno,? (?:thanks|thank you|thx|ta|cheers)\b",
        r"\bthanks,? but no\b",
        r"^no\b[.! ]{0,3}$",
        r"\bnope\b",
        r"\bnah\b",
        r"\bno (?:real )?(?:interest|need|use|requirement|appetite|budget|money|plans?|capacity)\b",
        (
            r"(?:\bnot|n't|isn't|never) (?:really |quite |currently |exactly |be )?(?:for (?:us|"
            r"me)\b|a (?:good )?(?:fit|match)|our thing|my thing|needed|necessary|required|"
            r"looking\b|in the market|buying|something (?:we|i)|relevant|suitable|right for|"
            r"a priority|going to work|of interest|our cup)"
        ),
        (
            r"\b(?:i|we|it|that|this)(?:'m| am|'re| are|'ll| will| must|'ve| have| going)?\b[^.!?\n]{0,25}\b(?:pass|"
            r"decline)\b(?! (?:it|this|that|your|on (?:to|your)))"
        ),
        r"\b(?:pass|decline) (?:on (?:this|it|that)|this time|for now)",
        r"\bsay(?:ing)? no\b",
        r"\bhave to decline",
        (
            r"\b(?:already|currently|happily) (?:have|work|working|use|using|with|got|"
            r"covered|under contract|in place)\b"
        ),
        (
            r"\b(?:have|work with|working with|use|using|got) (?:an?|our|another) (?:other |"
            r"own |existing |great |good |full-time |inhouse |in-house )*(?:agency|provider|"
            r"partner|supplier|vendor|marketer|marketing team)\b"
        ),
        r"\b(?:very |quite |perfectly )?(?:happy|satisfied|content) with (?:our|the|what|who|them)",
        r"\bin-?house\b|\bourselves\b",
        (
            r"(?:\bnot|n't|nor) (?:currently )?(?:have|got) (?:the |a |any |enough )?(?:budget|"
            r"money|funds|need|capacity|interest|time|use)\b"
        ),
        r"\bbudget (?:is|has been|was) (?:cut|spent|frozen|gone|allocated)",
        r"\b(?:can't|cannot|can not|couldn't) afford",
        r"\btoo (?:expensive|pricey|costly|dear)",
        r"\bout of (?:our )?budget",
        (
            r"\b(?:we're|we are|i'm|i am) (?:all )?(?:set|good|sorted|covered|fine)\b(?! (?:for|"
            r"with|on) (?:monday|tuesday|wednesday|thursday|friday|that|a))"
        ),
        r"\ball set\b",
        r"\bnothing (?:for|you) (?:us|can)",
        (
            r"\b(?:don't|do not|doesn't|does not|didn't) (?:see|have|feel|need|want|"
            r"require|wish|think|believe|do|buy|outsource|take|use)\b[^.!?\n]{0,50}\b(?:need|"
            r"this|that|it|any|anything|work|one|help|marketing|services|fit|agency|"
            r"agencies|interest|value)\b"
        ),
        r"\bdecided (?:to (?:go|stay|stick|work|continue) with|against|not)\b",
        (
            r"\b(?:gone|went|going|go|stay|stick|sticking) with (?:another|someone|a different|"
            r"our current|our existing|somebody)"
        ),
        r"\bchosen (?:another|a different|someone)",
        r"\bclosing (?:the|our|down|up|shop)\b",
        r"\bruled (?:it |this |that )?out\b",
        r"\bout of the question",
        r"\bwon't (?:be )?(?:need|move|moving|proceed|work|happen|buy|take|go)",
        r"\bnot (?:be )?(?:moving|proceeding|going) (?:ahead|forward)",
        r"\bnot (?:at (?:this|the) (?:time|moment|point)|right now|now|today|yet|anymore)\b",
        r"\bwould (?:have been|rather)\b",
        r"\bgood luck\b",
        r"\ball the best with (?:it|that)\b",
        r"\bhappy (?:as we are|where we are)",
        r"\bnot keen\b",
        r"\bno thank",
        r"(?:\bnot|n't) (?:currently |really |actively |going to be |be )?(?:taking|seeking|planning|considering|accepting|adding|pursuing|changing|spending|outsourcing|investing|switching|hiring|shopping)\b|(?:\bnot|n't) (?:really )?(?:make|making) sense\b|(?:\bnot|n't) (?:something|anything) (?:we|i|that|for)\b|(?:\bnot|n't) (?:convinced|persuaded|worth|a good use)\b",
        r"\bleave it\b|\bnothing (?:you|for you|we need|there)\b|\bwrong (?:fit|time|moment|company)\b|\b(?:bad|poor|not a good|not the right) (?:fit|time|timing|moment)\b|\bmiss(?:ing)? the mark\b",
        r"\b(?:handles?|does|do|looks? after|takes? care of|manages?|runs?|covers?) (?:all |all of )?(?:this|it|that|these|our (?:marketing|advertising|social|website|campaigns?)) (?:for us|already|internally|themselves)\b|\b(?:head office|sister company|the group|my (?:wife|husband|son|daughter|brother|sister|nephew|niece)|our (?:franchisor|landlord)) (?:already )?(?:handles|does|looks after|takes care)\b|\bsomeone (?:else )?(?:already )?(?:does|doing|handling|handles|looks after)\b|\bhave (?:someone|somebody|people) (?:for|who|that|doing)\b",
        r"\b(?:signed|renewed|locked|tied) (?:a|an|up|in|into|with|for|our)\b[^.!?\n]{0,40}|\bunder contract\b|\banswer (?:is|remains|stays|is still|will be|has not changed)\b[^.!?\n]{0,12}\b(?:no|same|negative)\b|\bno from (?:me|us)\b|\ba no\b|\bhard pass\b|\bno can do\b|\bcount (?:me|us) out\b|\bi'm out\b(?! (?:of|from|today|until|all|this))|\bwe're out\b(?! (?:of|from|today|until|all|this))",
        r"\bno longer (?:need|require|want|interested|looking)\b|\bhappy (?:as is|with how|with things)\b|\b(?:doing|getting on) fine\b|\bnot (?:this (?:year|time|quarter)|on our)\b|\bother priorities\b|\bnot a priority\b|\bdon't (?:bother|call|ring|come)\b|\bstick(?:ing)? (?:with|to)\b|\bno reason to (?:change|switch)|\bcan't see (?:it|this|us|how)\b|\bdo (?:this|it|that|everything|all of it) (?:ourselves|myself|in|on our own)\b|\bfreeze on\b|\bspending (?:is|has been) frozen",
        r"\b(?:will|would|do|does|can|could|shall|are|is|have|am|'re|'ll)(?: not|n't|not)\b[^.!?\n]{0,25}\b(?:proceed\w*|mov(?:e|ing) (?:forward|ahead|on)|continu\w+|tak(?:e|ing) (?:this|it|that|up|you)|need\w*|want|work(?:ing)? with|us(?:e|ing) (?:agencies|an agency|external|outside)|buy\w*|spend\w*|going (?:ahead|forward|to)|require\w*|engag\w+|pursu\w+|participat\w+|consider\w*|suit\w*|apply|outsourc\w+|advertis\w+|afford|justify)\b",
        r"\bno (?:funds?|say|say in|call for|room|scope|demand|benefit|value|point|resources?|intention|way)\b|\bnever again\b|\b(?:wast(?:e|ing)) (?:your|my|our) time\b|[,;] no$|\b(?:done|decided|handled|managed|run|controlled) (?:by|at|from) (?:head office|headquarters|hq|the group|corporate|our parent)\b|\b(?:tried|used|done) (?:this|it|that|agencies|one|these) before\b|\bgot (?:burnt|burned)\b|\b(?:retiring|shutting down|winding (?:down|up)|selling (?:up|the)|ceasing trading|bankrupt|insolven\w+|going out of business)\b|\bas a matter of policy\b|\bnot (?:on|in) the (?:cards|table)\b|\brather not\b|\bmoved on\b",
    ),
    unsubscribe=(
        (
            r"^(?:please |pls |kindly )?(?:unsubscribe|remove|stop|opt[ -]?out|unsub|"
            r"delete|no more)(?: me| us| my (?:e-?mail|address))?[.! ]{0,4}$"
        ),
        r"\bunsubscribe (?:me|us|my|this|our|from)\b",
        r"\b(?:please|pls|kindly|to|be|immediately) unsubscribed?\b",
        r"\bhow (?:do|can) i (?:unsubscribe|opt out|get off|stop)",
        (
            r"\bremove (?:me|us|my|our|this|the|these|him|her|all)\b[^.!?\n]{0,50}\b(?:from|"
            r"off|list|database|mailing|address|records|contact)"
        ),
        r"\bremove (?:me|us)\b",
        r"\btake (?:me|us|my|our|this)\b[^.!?\n]{0,40}\boff\b",
        r"\bget (?:me |us )?off (?:this|your|the|of)\b",
        r"\boff (?:your|this|the) (?:mailing |email |distribution |contact )?list",
        (
            r"\b(?:stop|cease|quit|refrain from|desist from) (?:all |any |from )?(?:\w+ ){0,2}?(?:e-?mailing|"
            r"mailing|contacting|writing|sending|messaging|communication|communicating|"
            r"spamming|e-?mails?|mails?|messages|contact|correspondence|bothering|harassing|"
            r"this)\b"
        ),
        r"\bopt(?:ing)?(?: me| us)?[ -]?out\b",
        (
            r"\b(?:do not|don't|dont|never|not to|no longer) (?:ever |want you to )?(?:contact|"
            r"e-?mail|mail|write|message|reach out|text|send|bother|approach|call)\b[^.!?\n]{0,30}\b(?:again|"
            r"any ?more|me\b|us\b|anything|further|e-?mails?|messages|in (?:the )?future)"
        ),
        (
            r"\b(?:delete|erase|destroy|purge|scrub)\b[^.!?\n]{0,50}\b(?:data|address|"
            r"details|e-?mail|information|records?|contact)\b"
        ),
        r"\bright to (?:erasure|be forgotten|object)\b",
        r"\bwithdraw (?:my|our|any) consent",
        r"\bobject to (?:the )?(?:processing|use|direct marketing)",
        r"\bno (?:more|further) (?:e-?mails?|mails?|messages|contact|communications?|mailings?)\b",
        r"(?:\bnot|n't) (?:want|wish|like|care) (?:to )?(?:receive|get|be contacted|hear)\b",
        r"\bany further mailings",
        r"\bleave (?:me|us) alone\b",
        r"\blose my (?:address|number|e-?mail)",
        r"\b(?:this|that|your mail|it) is spam\b",
        r"\breport(?:ed|ing)? (?:you|this|it) (?:to|as|for)\b",
        r"\bmark(?:ed|ing)? (?:this|you|it) as spam",
        r"\b(?:remove|delete|take|drop|strike)\b[^!?\n]{0,70}\b(?:from|off)\b[^.!?\n]{0,40}\b(?:lists?|database|mailings?|records|system|crm|campaigns?|sequence)\b|\bcease and desist\b|\bout of (?:this|your|the) (?:mailing |e-?mail )?(?:list|sequence|campaign)",
        r"\bno longer (?:wish|want|like|care) to (?:get|receive|be|hear|see)\b|\benough (?:with|of) (?:the|these|this|your)\b[^.!?\n]{0,20}\b(?:e-?mails?|mails?|spam|messages)\b|\b(?:enough|sick|tired|fed up)\b[^.!?\n]{0,20}\b(?:e-?mails|mails|spam)\b|\bunsolicited\b|\bdo not spam\b|\bspamming\b|\bblock(?:ed|ing)? (?:you|your)\b|\bblacklist\b",
        r"\b(?:formal )?complaint\b[^.!?\n]{0,30}$|\bhear from you (?:again|one more|any more|anymore)\b|\b(?:don't|do not|dont) send\b|\bnever (?:asked|signed up|subscribed|agreed|consented|opted)\b|\bdidn't (?:ask|sign up|subscribe|agree|consent|opt)\b|\bwithout (?:my|our) (?:consent|permission)\b|\bharass\w*|\btake (?:this|that|the) (?:address|e-?mail)\b[^.!?\n]{0,20}\boff\b",
    ),
    undecided=(
        r"(?:\bnot|n't) the (?:right|best|correct) (?:person|contact)",
        r"\bwrong person\b",
        r"\b(?:try|contact|speak to|speak with|talk to|reach out to|write to) [a-z]+ (?:in|from|at|who)\b",
        r"\b(?:get|come|circle|check) back (?:to (?:me|us) )?(?:in|after|next|later|around)\b",
        r"\btry (?:me |us )?again (?:in|after|next)",
        r"\btouch base (?:in|again|next|after)",
        (
            r"\b(?:maybe|perhaps|again|talk|revisit|later|until then)\b[^.!?\n]{0,20}\b(?:next (?:quarter|"
            r"year)|in q[1-4]|in the new year)\b"
        ),
        (
            r"\b(?:let me|i'll|i will|need to|have to|will) (?:think|consider|sleep|"
            r"discuss|ask|check|talk (?:to|with) my)"
        ),
        r"\bsleep on it\b",
        r"\bwho (?:is this|are you)\b",
        r"\bwhere did you (?:get|find)",
        r"\bhow did you get",
        r"\bforwarded (?:your|this|it|the)\b",
        r"\breach out (?:again )?(?:after|in|next|later)|\b(?:speak|talk|write|call|contact me|chase me|ping me|remind me|check in|follow up) (?:again )?(?:after|in) (?:the |a few |january|february|march|april|may|june|july|august|september|october|november|december|autumn|spring|summer|q[1-4])|\bre-?send\b|\bsend (?:it|this|that) again\b|\bare you the\b|\bis this (?:automated|a bot|real)|\b(?:now )?(?:looks|look) after this\b|\bcop(?:ying|ied) (?:in |her|him|my)|\bcc'?(?:ing|ed)? (?:in )?(?:my|her|him)\b",
        r"\bask (?:me|us) again\b|^maybe\b|\bperhaps (?:later|next|in)\b|\bwhat did you want\b|\bwho do you represent\b|\bpass (?:this|it|that|your (?:e-?mail|mail|details|message)) (?:on|along)\b|\b(?:will|'ll) look (?:tonight|later|at it|tomorrow|into it when)\b",
    ),
    yes_in_spite_of_no=(
        r"\bno (?:problem|objections?|worries|doubt|issue)\b",
        r"\bnot (?:a )?(?:bad|half bad|at all bad|opposed|against|averse|uninterested)\b",
        r"\bdon't see why not\b",
        r"\bwhy not\b",
        r"\bcouldn't be more\b",
        r"\bcan't wait\b",
        r"\b(?:don't|wouldn't|do not|would not) mind\b",
        r"\bnot only\b",
        r"\bnothing against\b",
        r"\bno reason not\b",
        r"\bnot just\b",
    ),
    negators=(
        r"not",
        r"n't",
        r"no",
        r"never",
        r"without",
        r"neither",
        r"nor",
        r"hardly",
        r"cannot",
        r"no longer",
        r"dont",
        r"isnt",
        r"arent",
        r"wont",
    ),
    but=("but", "however", "though", "although"),
    away=(
        r"\bout (?:of|from) (?:the |my |our )?office\b",
        r"\booo\b",
        r"\bout[ -]of[ -]office\b",
        (
            r"\bon (?:(?:my|our|an?|the|annual|maternity|paternity|parental|sick|medical|"
            r"extended|bank|summer|family|study|compassionate|winter|christmas) )*(?:leave|"
            r"vacation|holidays?|pto|sabbatical|honeymoon)\b"
        ),
        r"\bannual leave\b",
        (
            r"\baway (?:from (?:my|the) (?:desk|office|e-?mail|computer)|at a|on (?:business|"
            r"holiday|a|leave)|until|till|for|today|this|all|with|and)\b"
        ),
        (
            r"\b(?:i am|i'm|i will be|i'll be|we are|we're|we will be) (?:currently |"
            r"now |presently )?(?:away|travell?ing|abroad|off(?: sick| today| work| until)?|"
            r"on a plane|in meetings all|attending|at a conference|unavailable|out (?:today|"
            r"until|all|sick|this|for|on))\b"
        ),
        r"\bon a plane\b",
        (
            r"\b(?:limited|no|little|intermittent|sporadic|without|restricted) (?:or no )?(?:access|"
            r"connectivity) to (?:my |our |the )?(?:e-?mails?|mails?|messages|inbox)"
        ),
        r"\bnot (?:be )?(?:checking|monitoring|reading|in the office)\b",
        r"\bunable to (?:read|check|respond to|answer) (?:your |my |e-?mails?|messages)",
        r"\bonly (?:read|check|work)\b",
        (
            r"\b(?:office|clinic|practice|shop|we|company|business|offices) (?:is|are|"
            r"will be|will remain|remains?)(?: currently| now)? closed\b"
        ),
        r"\breopens?\b",
        r"\b(?:will|i'll|we'll) (?:be )?(?:back|return|returning)\b(?! to (?:you|this|that|it)\b)",
        r"\b(?:i|we) (?:will )?return (?:on|to|from)",
        r"\bback (?:in the office|online|at work|at my desk|on|next|tomorrow)\b",
        r"\breturning (?:on|to the office)\b",
        r"\b(?:in|during) my absence\b",
        r"\bupon my return\b",
        r"\bwhen i (?:return|get back|am back)",
        r"\bno (?:phone|signal|internet|wifi|laptop)(?: or| and|,)? ?(?:e-?mail|access|signal|internet)?\b[^.!?\n]{0,20}\buntil\b|\btime off\b|\bfinished for the (?:week|day|year)\b|\bpick up (?:my )?(?:e-?mails?|mails?|messages) (?:again )?(?:on|when|from)|\b(?:un|not )?(?:available|reachable|contactable) (?:again )?(?:until|from|before|after)\b|\boff(?:line)? (?:until|till|from)\b|\bday off\b|\bnon-working day\b|\bback (?:on )?(?:the )?\d{1,2}(?:st|nd|rd|th|[./]|\b)|\bback (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|\bparental leave\b|\bon the road\b",
        r"\bat (?:a|an|the) (?:trade fair|conference|congress|seminar|training|course|show|exhibition|off-?site)\b|\bshut (?:for|until|from|down)\b|\breachable again\b|\bgreetings from the beach\b|\bnot at my desk\b|\b(?:un|not )(?:well|reachable)\b[^.!?\n]{0,20}\b(?:until|today|this week)\b|\brecovering\b[^.!?\n]{0,20}|\bin hospital\b",
    ),
    past=(
        (
            r"\b(?:was|were|had been|have been|'ve been|last (?:week|month|year)|just (?:got |"
            r"came )?back|now back|i'm back|i am back|just returned|after my|sorry for (?:the|"
            r"my))\b"
        ),
    ),
    automatic=(
        r"\bauto(?:matic|mated|matically)?[ -]?(?:re(?:ply|sponse|sponder)|generated|answer)\b",
        r"\bauto:",
        r"\bout of (?:the )?office\b",
        r"\booo\b",
        r"\bvacation (?:reply|responder|message|notice|auto)",
        r"\baway from (?:my|the) (?:desk|office|mail)",
        r"\b(?:on|annual|maternity|parental) (?:leave|vacation|holiday)\b",
        r"\bautorespon",
    ),
    gone=(
        r"\bno longer (?:with|works?|working|employed|at|part of|an employee|a member|here)\b",
        r"\bhas left (?:the )?(?:company|firm|business|organi[sz]ation|us|our)\b",
        r"\bhave left (?:the )?(?:company|firm|business|organi[sz]ation)",
        r"\bhas (?:retired|moved on)\b",
        r"\bleft the (?:company|firm|organi[sz]ation)\b",
    ),
    received=(
        (
            r"\b(?:have |has been |was |successfully )?received your (?:message|e-?mail|"
            r"mail|request|enquiry|inquiry|ticket|query)"
        ),
        (
            r"\byour (?:message|e-?mail|request|enquiry|inquiry|query) (?:has been|was|"
            r"is) (?:successfully )?(?:received|logged|assigned|registered|important)"
        ),
        r"\bticket (?:was|has been|number|id|is|#|no)",
        (
            r"\bthank(?:s| you) for (?:contacting|reaching out to|writing to|your (?:enquiry|"
            r"inquiry|application))\b[^.!?\n]{0,40}"
        ),
        r"\bwill (?:get back|answer|respond|reply)[^.!?\n]{0,40}\bwithin\b",
        r"\bdo not reply to this",
        r"\bthis (?:mailbox|address|inbox) is not (?:monitored|attended)",
    ),
    back=(
        r"\b(?:back|return(?:ing|s)?|re-?open(?:s|ing)?|available again|resume|back at work)\b",
        r"\b(?:reachable|pick up|from the|available)\b",
    ),
    until=(r"\b(?:until|till|til|'til|through|thru|up to|to)\b", r"\bbefore\b"),
    inclusive=(r"\b(?:through|thru|inclusive|inclusively|including|incl)\b",),
    tomorrow=(r"\btomorrow\b",),
    next_week=(r"\bnext week\b",),
    quote=(
        r"^on\b.{4,200}\bwrote\s*:?$",
        r"^-{2,}\s*(?:original|forwarded) (?:message|mail)\b",
        r"^begin forwarded message",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> wrote:$",
        r"^in a message dated\b.{4,120}writes:$",
    ),
    from_header=("from", "sent", "to", "subject", "date", "cc"),
    closing=(
        (
            r"(?:(?:many |with |best |kind |kindest |warm |warmest |my )*(?:regards|"
            r"wishes)|thanks(?: and regards| again| in advance)?|thank you|many thanks|"
            r"thx|cheers|best|all the best|sincerely(?: yours)?|yours(?: (?:sincerely|"
            r"faithfully|truly))?|take care|br|rgds|talk soon|have a (?:nice|good|great)"
            r" (?:day|week|one|weekend))"
        ),
    ),
    device=(
        (
            r"sent (?:from|via|with|using) (?:my|outlook|yahoo|mail|proton|gmail|a |"
            r"the |samsung|android|mobile|blackberry|spark|superhuman)"
        ),
        r"get outlook for",
        r"sent from",
        (
            r"this (?:e-?mail|message|communication)(?: \([^)]*\))?(?: and any attachments?)?(?: transmitted with it)? (?:is|"
            r"are|may|contains?) (?:confidential|intended|privileged|contain)"
        ),
        r"confidentiality notice",
        r"disclaimer:",
        r"please consider the environment",
    ),
)
