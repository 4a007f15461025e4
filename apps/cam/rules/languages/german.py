"""German."""

from apps.cam.rules.languages.phrases import Language

GERMAN = Language(
    locale="de",
    interest=(
        r"\binteressiert(?: (?:mich|uns))?\b|\binteressant fur (?:uns|mich)\b|\b(?:grundsatzlich |grosses |durchaus |prinzipiell )?interesse (?:hatten|haben|habe|hatte|ist|ware|besteht)\b|\b(?:hatten|haben|habe|hatte|besteht)\b[^.!?\n]{0,30}\binteresse\b",
        r"\b(?:klingt|hort sich|liest sich|sieht) (?:\w+ ){0,2}(?:gut|spannend|interessant|vielversprechend|vernunftig|prima|super)|\b(?:spannend|hat mir gefallen|hat uns gefallen|gefallt (?:mir|uns))\b",
        r"\b(?:lassen sie uns|lass uns|konnen wir|wollen wir|wurde(?:n)? (?:ich |wir )?(?:gern\w*|mich|uns))\b[^.!?\n]{0,60}\b(?:telefonier|sprech|red|treff|termin|unterhalt|austausch|besprech|kennenlern)\w*",
        r"\b(?:schicken|senden|mailen|schick|send|ubersenden) (?:sie )?(?:mir|uns)?\b(?! nicht)[^.!?\n]{0,60}\b(?:info\w*|unterlagen|angebot\w*|details|preis\w*|beispiele|referenzen|material\w*|einladung|prasentation)|\b(?:mehr|weitere|nahere) (?:info\w*|details|unterlagen)\b",
        r"\b(?:unverbindliches |ein |ihr )?angebot (?:zukommen|zusenden|erstellen|schicken|machen)\b|\bzukommen\b",
        r"\bwas (?:kostet|wurde|kosten|ware)\b[^.!?\n]{0,40}|\bwie ?viel (?:kostet|wurde)|\b(?:preise|preisliste|konditionen|kosten)\b[^.!?\n]{0,30}\?",
        r"\brufen sie (?:mich|uns|doch|gern\w*|bitte)\b(?! nicht)[^.!?\n]{0,40}\ban\b|\bruf (?:mich|uns)\b[^.!?\n]{0,20}\ban\b|\b(?:melden sie sich|erreichen sie mich)\b(?=[^.!?\n]{0,30}(?:telefon|unter|gern))",
        r"\b(?:termin|telefonat|gesprach|treffen|demo|vorfuhrung)\b[^.!?\n]{0,60}\b(?:ausmachen|vereinbaren|machen|aus|vorschlag\w*|passt|moglich|zeit|zeigen)\b|\b(?:machen wir|vorschlag fur) einen termin|\beine demo\b|\bvorschlag fur einen termin",
        r"\b(?:passt|gern(?:e)?|jederzeit|einverstanden|ich bin dabei|wir sind dabei|bin dabei|machen wir|sehr gern)\b",
        r"\bwie geht(?:'s| es)? (?:es )?weiter\b|\bnachste schritt\w*|\bhatten sie\b[^.!?\n]{0,40}\b(?:zeit|lust)\b|\bwann (?:hatten|haben|konnten|konnen|passt)\b|\bauf der agenda\b|\bkommen sie gern|\bware\b[^.!?\n]{0,40}\b(?:etwas|was|interessant|passend)\b",
        r"\b(?:sind|waren|bin) (?:nicht abgeneigt|aufgeschlossen|offen)\b|\bplanen (?:wir|fur)\b|\bwir planen\b|\bvergleichen (?:gerade|derzeit)",
    ),
    refusal=(
        r"\bnein,? ?(?:danke|vielen dank|besten dank|merci)?\b|\bno,? danke\b|\bdanke,? nein\b|\blassen sie (?:mal|es|das)\b|\bnee\b",
        r"\bkein(?:e|en|erlei|es|em)?\b[^.!?\n]{0,25}\b(?:interesse|bedarf|budget|verwendung|mittel|geld|kapazitat\w*|zeit|notwendigkeit)\b|\bdesinteresse\b",
        r"\b(?:nicht|nie|niemals|wenig|kaum)\b[^.!?\n]{0,20}\b(?:interessiert|interessant|relevant|in frage|infrage|gewunscht|notig|notwendig|erforderlich|benotig\w*|passend|vorgesehen|unser thema|geeignet)\b|\bnicht mehr\b(?! (?:an|auf|in|bis))|\bpasst (?:\w+ )?nicht\b|\bkommt\b[^.!?\n]{0,30}\bnicht\b[^.!?\n]{0,20}\bfrage\b|\bnicht (?:zu uns|fur uns)\b",
        r"\babsagen\b|\babsage\b|\bablehnen\b|\blehnen\b[^.!?\n]{0,30}\bab\b|\bsehen (?:wir )?(?:davon )?ab\b|\babstand\b|\bverzichten\b|\bnicht (?:annehmen|wahrnehmen|weiterverfolgen|zusammenkommen)\b|\bwerden wir nicht\b|\b(?:mochten|wollen|werden) (?:wir |ich )?(?:\w+ ){0,4}nicht\b",
        r"\b(?:arbeiten|arbeite|kooperieren)\b[^.!?\n]{0,40}\b(?:mit einer|mit einem|bereits|schon|seit)\b[^.!?\n]{0,60}\b(?:agentur|anbieter|partner|dienstleister)\w*|\b(?:haben|nutzen)\b[^.!?\n]{0,20}\b(?:bereits|schon)\b[^.!?\n]{0,30}\b(?:agentur|anbieter|partner|dienstleister|losung)\w*|\b(?:bereits|schon|gut|bestens) (?:versorgt|aufgestellt|betreut|bedient)\b|\bnichts (?:andern|dran andern)\b",
        r"\b(?:machen|erledigen|losen) (?:wir |das )?(?:\w+ ){0,3}(?:selbst|selber|intern|inhouse|hausintern)\b|\balles (?:selbst|selber|intern)\b",
        r"\bbrauch(?:en|e)\b[^.!?\n]{0,25}\bnicht\b|\b(?:brauch(?:en|e)|benotigen?) (?:wir |ich )?(?:\w+ ){0,2}(?:nicht|kein\w*|nichts)\b",
        r"\bzu (?:teuer|kostspielig)\b|\bnicht leisten\b|\bsind wir raus\b|\bbin (?:ich )?raus\b",
        r"\b(?:anderen|andere|anderweitig) (?:anbieter|agentur|dienstleister|partner|losung)?[^.!?\n]{0,20}\b(?:entschieden|vergeben|beauftragt|gewahlt)|\banderweitig\b|\bhatte\b[^.!?\n]{0,40}\binteressiert\b",
    ),
    unsubscribe=(
        r"^(?:bitte )?(?:abmelden|abmeldung|austragen|abbestellen|loschen|stop|stopp|entfernen|newsletter abbestellen|unsubscribe)(?: bitte)?[.! ]{0,4}$",
        r"\b(?:nehmen|nimm|entfernen|entferne|streichen|loschen|losche|tragen|nehmt|streicht)\b[^.!?\n]{0,40}\b(?:mich|uns|meine|unsere|diese|alle)\b[^.!?\n]{0,60}\b(?:verteiler|liste|datenbank|system|adresse\w*|daten|raus|heraus|aus|e-?mail\w*|kartei)\b|\baus (?:ihrem|dem|eurem|ihrer|der) (?:\w+ ?)?(?:verteiler|liste|mailingliste|datenbank)",
        r"\b(?:loschen|loschung|vernichten)\b[^.!?\n]{0,50}\b(?:daten|adresse|kontakt\w*|e-?mail\w*)\b|\b(?:daten|adresse)\b[^.!?\n]{0,40}\b(?:zu )?losch(?:en|ung)\b",
        r"\bunterlassen sie\b|\bunterlassung\b|\bwiderspreche\b|\bwiderspruch\b|\bwiderrufe\b|\bkeine einwilligung\b|\beinwilligung\b[^.!?\n]{0,30}\bnicht\b",
        r"\b(?:schreib\w*|mail\w*|kontaktier\w*|anschreib\w*|ruf\w*|belastig\w*|schick\w*)\b[^.!?\n]{0,40}\b(?:nicht mehr|nie wieder|nie mehr|nicht weiter|nicht noch)\b|\b(?:nicht mehr|nie wieder|nicht weiter)\b[^.!?\n]{0,30}\b(?:kontaktier|anschreib|angeschrieben|kontaktiert|belastig)\w*",
        r"\bkeine\b[^.!?\n]{0,20}\b(?:e-?mails?|mails?|nachrichten|werbung|werbemails?|newsletter|zusendungen)\b[^.!?\n]{0,40}\b(?:mehr|erhalten|bekommen|wunsch\w*|senden|schicken|zusenden)\b|\b(?:werbung|werbemails?|spam)\b[^.!?\n]{0,30}\b(?:einstellen|unerwunscht|verboten|anzeige|abmahn\w*)\b",
        r"\bin ruhe\b|\bhoren sie auf\b|\bhort auf\b|\bdas ist spam\b|\babmahn\w*",
    ),
    undecided=(
        r"\bnicht (?:zustandig|der richtige|die richtige|mein bereich)\b|\bzustandig ist\b|\bwenden sie sich\b|\bfalsche[rn]? ansprechpartner",
        r"\bmelden sie sich\b[^.!?\n]{0,40}\b(?:nochmal|noch einmal|wieder|spater|im|in|ab|nach)\b|\b(?:im moment|gerade|momentan) (?:ist )?(?:bei uns )?land unter\b|\bnachstes (?:jahr|quartal)\b",
        r"\b(?:uberlege|uberlegen|nachdenken|durchdenken|besprechen muss|muss ich erst|schaue? (?:ich )?(?:es )?mir)\b|\bwer sind sie\b|\bwoher haben sie\b",
        r"\bweiter(?:gegeben|geleitet)\b",
    ),
    yes_in_spite_of_no=(
        r"\bkein(?:e)? (?:problem|thema|frage|einwande?)\b|\bnicht (?:abgeneigt|schlecht|uninteressant|verkehrt|uninteressiert|nur)\b|\bwarum nicht\b|\bnichts dagegen\b|\beinwande habe ich keine\b|\bwieso nicht\b|\bspricht nichts\b",
    ),
    negators=(r"nicht", r"kein(?:e|en|er|em|es)?", r"nie", r"niemals", r"ohne", r"weder", r"wenig", r"kaum"),
    but=("aber", "jedoch", "allerdings", "leider", "dennoch", "trotzdem", "doch"),
    away=(
        r"\b(?:nicht|derzeit nicht|aktuell nicht) (?:im buro|im haus|in der praxis|am platz|am arbeitsplatz|erreichbar|da)\b|\bausser haus\b|\babwesen(?:d|heit)\b|\bausserhalb des buros\b",
        r"\b(?:im|in|bis|meinen?|mache(?:n)?|geniesse|in den|auf) ?(?:\w+ ){0,2}(?:urlaub|elternzeit|mutterschutz|dienstreise|geschaftsreise|fortbildung|ferien|krankenstand|kur|reha|schulung|weiterbildung|messe|seminar|sabbatical|betriebsferien)\b",
        r"\b(?:bin|sind) (?:\w+ ){0,4}(?:krank|erkrankt|krankgeschrieben|unterwegs|verreist|auf reisen)\b|\bwieder (?:im buro|erreichbar|da|zuruck|fur sie da|im haus|vor ort|geoffnet)\b|\bzuruck im buro\b|\bbin (?:ich )?(?:\w+ ){0,5}zuruck\b|\bvoraussichtlich\b[^.!?\n]{0,40}\bzuruck\b",
        r"\b(?:praxis|buro|kanzlei|geschaft|betrieb|unternehmen|werkstatt)\b[^.!?\n]{0,60}\bgeschlossen\b|\bwird nicht (?:weitergeleitet|gelesen)\b|\bnicht gelesen\b|\bkeinen zugriff auf\b|\b(?:eingeschrankt|begrenzt|nur selten)\w* (?:\w+ )?(?:zugriff|erreichbar|lesen)\b|\blese (?:\w+ )?keine (?:e-?mails?|mails?)\b",
        r"\bmeine vertretung\b|\bvertritt mich\b|\bin meiner abwesenheit\b|\bnach meiner ruckkehr\b",
    ),
    past=(
        r"\b(?:war|waren|gewesen|letzte (?:woche|n)|vergangene|entschuldigen sie|gerade zuruck|zuruckgekommen|seit gestern wieder|hatte|hatten|nach meinem urlaub)\b",
    ),
    automatic=(
        r"\bautomatische (?:antwort|nachricht|e-?mail|ruckantwort)|\babwesend\b|\babwesenheit\w*|\bnicht im (?:haus|buro)\b|\bausser haus\b|\burlaubs?(?:notiz|meldung|benachrichtigung|abwesenheit)|\bautoantwort|\bautomatisch generiert|\bim urlaub\b",
    ),
    gone=(
        r"\bnicht mehr (?:\w+ ){0,5}(?:tatig|beschaftigt|angestellt|im unternehmen|bei uns|im haus|mitarbeiter\w*)\b|\b(?:unternehmen|firma|haus|uns)\b[^.!?\n]{0,30}\bverlassen\b|\bausgeschieden\b|\bim ruhestand\b",
    ),
    received=(
        r"\b(?:haben|habe)\b[^.!?\n]{0,20}\bihre (?:\w+ )?(?:nachricht|anfrage|e-?mail|mail|bewerbung|bestellung)\b[^.!?\n]{0,30}\berhalten\b|\b(?:nachricht|anfrage|e-?mail) ist (?:bei uns )?(?:eingegangen|angekommen)|\bbearbeite[nt]\b[^.!?\n]{0,40}\b(?:schnellstmoglich|schnell|moglich)|\bticket\w*\b|\beingangsbestatigung|\bschnellstmoglich\b|\bantworten sie nicht auf diese",
    ),
    back=(r"\b(?:ab(?: dem| den| der)?|wieder|zuruck|ruckkehr|erst)\b",),
    until=(r"\bbis(?: zum| zur| einschliesslich| inklusive| inkl\.?)?\b",),
    inclusive=(r"\b(?:einschliesslich|einschl|inklusive|inkl)\b",),
    tomorrow=(r"(?<!guten )(?<!gute )\bmorgen\b(?! frueh)",),
    next_week=(r"\b(?:nachste|kommende)r? woche\b",),
    quote=(
        r"^am\b.{4,200}\bschrieb\b.{0,200}:?$",
        r"^-{2,}\s*(?:ursprungliche|weitergeleitete|original)\s?-?(?:nachricht|mail)",
        r"^anfang der weitergeleiteten",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> (?:schrieb|hat)\b.{0,60}:$",
    ),
    from_header=("von", "gesendet", "an", "betreff", "datum", "kopie"),
    closing=(
        r"(?:mit |viele |beste |freundliche |herzliche |schone |liebe |sonnige )*(?:freundlichen? |besten? |herzlichen? |lieben? |kollegialen? )*(?:gruss(?:e|en)?)|mfg|vg|lg|bg|gruss|hochachtungsvoll|danke und gruss|herzlichst|schonen (?:tag|abend|gruss)|ihr[e]? team",
    ),
    device=(
        r"(?:von meinem|gesendet (?:von|mit|aus)|diese nachricht wurde von|von unterwegs)",
        r"outlook fur (?:ios|android)",
        r"diese (?:e-?mail|nachricht) (?:kann|enthalt|ist)",
        r"holen sie sich outlook",
    ),
)
