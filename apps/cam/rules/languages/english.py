"""English."""

from apps.cam.rules.languages.english_wishes import INTEREST, REFUSAL, UNSUBSCRIBE
from apps.cam.rules.languages.phrases import Language

ENGLISH = Language(
    locale="en",
    interest=INTEREST,
    refusal=REFUSAL,
    unsubscribe=UNSUBSCRIBE,
    undecided=(
        r"(?:\bnot|n't) the (?:right|best|correct) (?:person|contact)|\bwrong person\b",
        r"\b(?:try|contact|speak to|speak with|talk to|reach out to|write to) [a-z]+ (?:in|from|at|who)\b",
        r"\b(?:get|come|circle|check) back (?:to (?:me|us) )?(?:in|after|next|later|around)\b",
        r"\btry (?:me |us )?again (?:in|after|next)|\btouch base (?:in|again|next|after)",
        (
            r"\b(?:maybe|perhaps|again|talk|revisit|later|until then)\b[^.!?\n]{0,20}\b(?:next (?:quarter|year)|"
            r"in q[1-4]|in the new year)\b"
        ),
        (
            r"\b(?:let me|i'll|i will|need to|have to|will) (?:think|consider|sleep|discuss|ask|check|talk (?:to|"
            r"with) my)"
        ),
        r"\bsleep on it\b|\bwho (?:is this|are you)\b|\bwhere did you (?:get|find)|\bhow did you get",
        r"\bforwarded (?:your|this|it|the)\b|\breach out (?:again )?(?:after|in|next|later)",
        (
            r"\b(?:speak|talk|write|call|contact me|chase me|ping me|remind me|check in|follow up)"
            r" (?:again )?(?:after|in) (?:the |a few |january|february|march|april|may|june|july|august|september|"
            r"october|november|december|autumn|spring|summer|q[1-4])"
        ),
        r"\bre-?send\b|\bsend (?:it|this|that) again\b|\bare you the\b|\bis this (?:automated|a bot|real)",
        r"\b(?:now )?(?:looks|look) after this\b|\bcop(?:ying|ied) (?:in |her|him|my)",
        r"\bcc'?(?:ing|ed)? (?:in )?(?:my|her|him)\b|\bask (?:me|us) again\b|^maybe\b|\bperhaps (?:later|next|in)\b",
        r"\bwhat did you want\b|\bwho do you represent\b",
        r"\bpass (?:this|it|that|your (?:e-?mail|mail|details|message)) (?:on|along)\b",
        r"\b(?:will|'ll) look (?:tonight|later|at it|tomorrow|into it when)\b",
        r"\bafter (?:the )?(?:summer|easter|christmas|holidays|move|audit)\b|\brun (?:it|this|that) (?:by|past)\b",
        r"\bknow more by then\b",
    ),
    yes_in_spite_of_no=(
        r"\bno (?:problem|objections?|worries|doubt|issue)\b",
        r"\bnot (?:a )?(?:bad|half bad|at all bad|opposed|against|averse|uninterested)\b|\bdon't see why not\b",
        r"\bwhy not\b|\bcouldn't be more\b|\bcan't wait\b|\b(?:don't|wouldn't|do not|would not) mind\b|\bnot only\b",
        r"\bnothing against\b|\bno reason not\b|\bnot just\b",
    ),
    negators=(
        "not",
        "n't",
        "no",
        "never",
        "without",
        "neither",
        "nor",
        "hardly",
        "cannot",
        "no longer",
        "dont",
        "isnt",
        "arent",
        "wont",
    ),
    but=(
        "but",
        "however",
        "though",
        "although",
    ),
    away=(
        r"\bout (?:of|from) (?:the |my |our )?office\b|\booo\b|\bout[ -]of[ -]office\b",
        (
            r"\bon (?:(?:my|our|an?|the|annual|maternity|paternity|parental|sick|medical|extended|bank|summer|"
            r"family|study|compassionate|winter|christmas) )*(?:leave|vacation|holidays?|pto|sabbatical|honeymoon)\b"
        ),
        r"\bannual leave\b",
        (
            r"\baway (?:from (?:my|the) (?:desk|office|e-?mail|computer)|at a|on (?:business|holiday|a|leave)|until|"
            r"till|for|today|this|all|with|and)\b"
        ),
        (
            r"\b(?:i am|i'm|i will be|i'll be|we are|we're|we will be) (?:currently |now |presently )?(?:away|"
            r"travell?ing|abroad|off(?: sick| today| work| until)?|on a plane|in meetings all|attending|"
            r"at a conference|unavailable|out (?:today|until|all|sick|this|for|on))\b"
        ),
        r"\bon a plane\b",
        (
            r"\b(?:limited|no|little|intermittent|sporadic|without|restricted) (?:or no )?(?:access|connectivity)"
            r" to (?:my |our |the )?(?:e-?mails?|mails?|messages|inbox)"
        ),
        r"\bnot (?:be )?(?:checking|monitoring|reading|in the office)\b",
        r"\bunable to (?:read|check|respond to|answer) (?:your |my |e-?mails?|messages)|\bonly (?:read|check|work)\b",
        (
            r"\b(?:office|clinic|practice|shop|we|company|business|offices) (?:is|are|will be|will remain|remains?)"
            r"(?: currently| now)? closed\b"
        ),
        r"\breopens?\b|\b(?:will|i'll|we'll) (?:be )?(?:back|return|returning)\b(?! to (?:you|this|that|it)\b)",
        r"\b(?:i|we) (?:will )?return (?:on|to|from)",
        r"\bback (?:in the office|online|at work|at my desk|on|next|tomorrow)\b|\breturning (?:on|to the office)\b",
        r"\b(?:in|during) my absence\b|\bupon my return\b|\bwhen i (?:return|get back|am back)",
        (
            r"\bno (?:phone|signal|internet|wifi|laptop)(?: or| and|,)? ?(?:e-?mail|access|signal|"
            r"internet)?\b[^.!?\n]{0,20}\buntil\b"
        ),
        r"\btime off\b|\bfinished for the (?:week|day|year)\b",
        r"\bpick up (?:my )?(?:e-?mails?|mails?|messages) (?:again )?(?:on|when|from)",
        r"\b(?:un|not )?(?:available|reachable|contactable) (?:again )?(?:until|from|before|after)\b",
        r"\boff(?:line)? (?:until|till|from)\b|\bday off\b|\bnon-working day\b",
        r"\bback (?:on )?(?:the )?\d{1,2}(?:st|nd|rd|th|[./]|\b)",
        r"\bback (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|\bparental leave\b|\bon the road\b",
        r"\bat (?:a|an|the) (?:trade fair|conference|congress|seminar|training|course|show|exhibition|off-?site)\b",
        r"\bshut (?:for|until|from|down)\b|\breachable again\b|\bgreetings from the beach\b|\bnot at my desk\b",
        r"\b(?:un|not )(?:well|reachable)\b[^.!?\n]{0,20}\b(?:until|today|this week)\b|\brecovering\b[^.!?\n]{0,20}",
        r"\bin hospital\b",
    ),
    past=(
        (
            r"\b(?:was|were|had been|have been|'ve been|last (?:week|month|year)|just (?:got |came )?back|now back|"
            r"i'm back|i am back|just returned|after my|sorry for (?:the|my))\b"
        ),
    ),
    automatic=(
        r"\bauto(?:matic|mated|matically)?[ -]?(?:re(?:ply|sponse|sponder)|generated|answer)\b|\bauto:",
        r"\bout of (?:the )?office\b|\booo\b|\bvacation (?:reply|responder|message|notice|auto)",
        r"\baway from (?:my|the) (?:desk|office|mail)",
        r"\b(?:on|annual|maternity|parental) (?:leave|vacation|holiday)\b|\bautorespon",
    ),
    gone=(
        r"\bno longer (?:with|works?|working|employed|at|part of|an employee|a member|here)\b",
        r"\bhas left (?:the )?(?:company|firm|business|organi[sz]ation|us|our)\b",
        r"\bhave left (?:the )?(?:company|firm|business|organi[sz]ation)|\bhas (?:retired|moved on)\b",
        r"\bleft the (?:company|firm|organi[sz]ation)\b",
    ),
    received=(
        (
            r"\b(?:have |has been |was |successfully )?received your (?:message|e-?mail|mail|request|enquiry|"
            r"inquiry|ticket|query)"
        ),
        (
            r"\byour (?:message|e-?mail|request|enquiry|inquiry|query) (?:has been|was|is)"
            r" (?:successfully )?(?:received|logged|assigned|registered|important)"
        ),
        r"\bticket (?:was|has been|number|id|is|#|no)",
        (
            r"\bthank(?:s| you) for (?:contacting|reaching out to|writing to|your (?:enquiry|inquiry|application))"
            r"\b[^.!?\n]{0,40}"
        ),
        r"\bwill (?:get back|answer|respond|reply)[^.!?\n]{0,40}\bwithin\b|\bdo not reply to this",
        r"\bthis (?:mailbox|address|inbox) is not (?:monitored|attended)",
    ),
    back=(
        r"\b(?:back|return(?:ing|s)?|re-?open(?:s|ing)?|available again|resume|back at work)\b",
        r"\b(?:reachable|pick up|from the|available)\b",
    ),
    until=(r"\b(?:until|till|til|'til|through|thru|up to|to)\b|\bbefore\b",),
    inclusive=(r"\b(?:through|thru|inclusive|inclusively|including|incl)\b",),
    tomorrow=(r"\btomorrow\b",),
    next_week=(r"\bnext week\b",),
    quote=(
        r"^on\b.{4,200}\bwrote\s*:?$|^-{2,}\s*(?:original|forwarded) (?:message|mail)\b|^begin forwarded message",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> wrote:$|^in a message dated\b.{4,120}writes:$",
    ),
    from_header=(
        "from",
        "sent",
        "to",
        "subject",
        "date",
        "cc",
    ),
    closing=(
        (
            r"(?:(?:many |with |best |kind |kindest |warm |warmest |my )*(?:regards|wishes)|thanks(?: and regards|"
            r" again| in advance)?|thank you|many thanks|thx|cheers|best|all the best|sincerely(?: yours)?|"
            r"yours(?: (?:sincerely|faithfully|truly))?|take care|br|rgds|talk soon|have a (?:nice|good|great)"
            r" (?:day|week|one|weekend))"
        ),
    ),
    device=(
        (
            r"sent (?:from|via|with|using) (?:my|outlook|yahoo|mail|proton|gmail|a |the |samsung|android|mobile|"
            r"blackberry|spark|superhuman)"
        ),
        r"get outlook for|sent from",
        (
            r"this (?:e-?mail|message|communication)"
            r"(?: \([^)]*\))?(?: and any attachments?)?(?: transmitted with it)? (?:is|are|may|contains?)"
            r" (?:confidential|intended|privileged|contain)"
        ),
        r"confidentiality notice|disclaimer:|please consider the environment",
    ),
)
