"""German."""

from apps.cam.rules.languages.phrases import Language

GERMAN = Language(
    locale="de",
    interest=(
        r"\binteressiert(?: (?:mich|uns))?\b",
        r"\binteressant fur (?:uns|mich)\b",
        (
            r"\b(?:grundsatzlich |grosses |durchaus |prinzipiell )?interesse (?:hatten|"
            r"haben|habe|hatte|ist|ware|besteht)\b"
        ),
        r"\b(?:hatten|haben|habe|hatte|besteht)\b[^.!?\n]{0,30}\binteresse\b",
        (
            r"\b(?:klingt|hort sich|liest sich|sieht) (?:\w+ ){0,2}(?:gut|spannend|interessant|"
            r"vielversprechend|vernunftig|prima|super)"
        ),
        r"\b(?:spannend|hat mir gefallen|hat uns gefallen|gefallt (?:mir|uns))\b",
        (
            r"\b(?:lassen sie uns|lass uns|konnen wir|wollen wir|wurde(?:n)? (?:ich |"
            r"wir )?(?:gern\w*|mich|uns))\b[^.!?\n]{0,60}\b(?:telefonier|sprech|red|"
            r"treff|termin|unterhalt|austausch|besprech|kennenlern)\w*"
        ),
        (
            r"\b(?:schicken|senden|mailen|schick|send|ubersenden) (?:sie )?(?:mir|uns)?\b(?! nicht)"
            r"[^.!?\n]{0,60}\b(?:info\w*|unterlagen|angebot\w*|details|preis\w*|beispiele|"
            r"referenzen|material\w*|einladung|prasentation)"
        ),
        r"\b(?:mehr|weitere|nahere) (?:info\w*|details|unterlagen)\b",
        r"\b(?:unverbindliches |ein |ihr )?angebot (?:zukommen|zusenden|erstellen|schicken|machen)\b",
        r"\bzukommen\b",
        r"\bwas (?:kostet|wurde|kosten|ware)\b[^.!?\n]{0,40}",
        r"\bwie ?viel (?:kostet|wurde)",
        r"\b(?:preise|preisliste|konditionen|kosten)\b[^.!?\n]{0,30}\?",
        r"\brufen sie (?:mich|uns|doch|gern\w*|bitte)\b(?! nicht)[^.!?\n]{0,40}\ban\b",
        r"\bruf (?:mich|uns)\b[^.!?\n]{0,20}\ban\b",
        r"\b(?:melden sie sich|erreichen sie mich)\b(?=[^.!?\n]{0,30}(?:telefon|unter|gern))",
        (
            r"\b(?:termin|telefonat|gesprach|treffen|demo|vorfuhrung)\b[^.!?\n]{0,60}\b(?:ausmachen|"
            r"vereinbaren|machen|aus|vorschlag\w*|passt|moglich|zeit|zeigen)\b"
        ),
        r"\b(?:machen wir|vorschlag fur) einen termin",
        r"\beine demo\b",
        r"\bvorschlag fur einen termin",
        (
            r"\b(?:passt|gern(?:e)?|jederzeit|einverstanden|ich bin dabei|wir sind dabei|"
            r"bin dabei|machen wir|sehr gern)\b"
        ),
        r"\bwie geht(?:'s| es)? (?:es )?weiter\b",
        r"\bnachste schritt\w*",
        r"\bhatten sie\b[^.!?\n]{0,40}\b(?:zeit|lust)\b",
        r"\bwann (?:hatten|haben|konnten|konnen|passt)\b",
        r"\bauf der agenda\b",
        r"\bkommen sie gern",
        r"\bware\b[^.!?\n]{0,40}\b(?:etwas|was|interessant|passend)\b",
        r"\b(?:sind|waren|bin) (?:nicht abgeneigt|aufgeschlossen|offen)\b",
        r"\bplanen (?:wir|fur)\b",
        r"\bwir planen\b",
        r"\bvergleichen (?:gerade|derzeit)",
        r"\b(?:konnen|konnten|wurden|wollen|mochten|machen|bieten|haben|arbeiten|kennen|kommen) sie (?:auch |uns |mir |da |dazu |das |bitte |vielleicht |denn |schon |einmal |mal )+[^.!?\n]{0,70}\?",
        r"\b(?:konnen|konnten|sollten|wollen) wir\b[^.!?\n]{0,60}\b(?:anschauen|ansehen|angehen|starten|vereinbaren|machen|sehen|probieren|durchgehen)\b|\b(?:schlagen|schlag) (?:sie )?[^.!?\n]{0,30}\b(?:termin\w*|zeit\w*|datum)?\b[^.!?\n]{0,15}\bvor\b|\bstellen sie (?:es|uns|mir|das)\b[^.!?\n]{0,30}\bvor\b|\bvorstellen\b",
        r"\bins geschaft\b|\bja,? (?:bitte|gern\w*|sehr|das|wir|ich|klar|unbedingt)\b|\bklar\b|\bunbedingt\b|\bfreue(?:n)? (?:mich|uns)\b|\bgespannt\b|\bneugierig\b|\bmehr (?:davon|daruber|dazu|erfahren|wissen|horen)\b|\bbin (?:ich )?dabei\b|\babgemacht\b|\bhort sich\b|\blos geht'?s\b",
        r"\bwas (?:wurde|wurden|kame|kommt|konnte|konnten)\b[^.!?\n]{0,40}\b(?:kosten|preis|zahlen|uns)\b|\bangebot (?:an|fur|uber)\b|\berreichbar\b(?=[^.!?\n]{0,20}(?:unter|telefon|mobil))|\b(?:suchen|suche) (?:gerade|derzeit|ohnehin|sowieso|schon|genau|aktuell|momentan|eh)\b|\bam (?:besten|liebsten)\b|\bvorbeikommen\b|\bhilfe (?:konnten|brauchen|gebrauchen)\b|\bgebrauchen\b",
        r"^ja[,.!]",
        r"\b(?:erfahrung\w*|anbieten|angebot|referenzen|beispiele|preise?|kosten|leistung\w*|ablauf|vorgehen|vertrag\w*|ergebnisse|pakete?|mindest\w+|kunden)\b[^.!?\n]{0,60}\?|\b(?:was|wie|welche\w*|wann|wo|ab wann)\b[^.!?\n]{0,30}\bsie\b[^.!?\n]{0,30}\b(?:anbieten|machen|vorgehen|leisten|helfen|kosten|starten|anfangen|kommen|zeit)\b",
        r"\btrifft sich (?:gut|bestens|ausgezeichnet)\b|\b(?:richtigen?|guten?|passenden?|rechten?) (?:zeitpunkt|zeit|moment)\b|\blade[n]? sie\b[^.!?\n]{0,20}\bein\b|\blade sie (?:herzlich |gern )?ein\b|\bbitte(?:n)? um (?:\w+ )?(?:ruckruf|angebot\w*|termin\w*|kontaktaufnahme|unterlagen|vorschlag\w*|preis\w*|informationen)\b|\bruckruf\b|\bvorschlag\b|\bbin (?:ich )?(?:gern )?(?:bereit|offen|zu haben)\b|\bwollten (?:ohnehin|sowieso|eh)\b|\boffen (?:fur|gegenuber)\b|\bbegeistert\b|\bbeeindruckt\b",
        r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|morgen|vormittag|nachmittag)s?\b[^.!?\n]{0,25}\?|\b(?:montag|dienstag|mittwoch|donnerstag|freitag)\b[^.!?\n]{0,10}\b(?:um|gegen|\d{1,2} uhr|ginge|geht|passt|ware)\b",
    ),
    refusal=(
        r"\bnein,? ?(?:danke|vielen dank|besten dank|merci)?\b",
        r"\bno,? danke\b",
        r"\bdanke,? nein\b",
        r"\blassen sie (?:mal|es|das)\b",
        r"\bnee\b",
        (
            r"\bkein(?:e|en|erlei|es|em)?\b[^.!?\n]{0,25}\b(?:interesse|bedarf|budget|"
            r"verwendung|mittel|geld|kapazitat\w*|zeit|notwendigkeit)\b"
        ),
        r"\bdesinteresse\b",
        (
            r"\b(?:nicht|nie|niemals|wenig|kaum)\b[^.!?\n]{0,20}\b(?:interessiert|interessant|"
            r"relevant|in frage|infrage|gewunscht|notig|notwendig|erforderlich|benotig\w*|"
            r"passend|vorgesehen|unser thema|geeignet)\b"
        ),
        r"\bnicht mehr\b(?! (?:an|auf|in|bis))",
        r"\bpasst (?:\w+ )?nicht\b",
        r"\bkommt\b[^.!?\n]{0,30}\bnicht\b[^.!?\n]{0,20}\bfrage\b",
        r"\bnicht (?:zu uns|fur uns)\b",
        r"\babsagen\b",
        r"\babsage\b",
        r"\bablehnen\b",
        r"\blehnen\b[^.!?\n]{0,30}\bab\b",
        r"\bsehen (?:wir )?(?:davon )?ab\b",
        r"\babstand\b",
        r"\bverzichten\b",
        r"\bnicht (?:annehmen|wahrnehmen|weiterverfolgen|zusammenkommen)\b",
        r"\bwerden wir nicht\b",
        r"\b(?:mochten|wollen|werden) (?:wir |ich )?(?:\w+ ){0,4}nicht\b",
        (
            r"\b(?:arbeiten|arbeite|kooperieren)\b[^.!?\n]{0,40}\b(?:mit einer|mit einem|"
            r"bereits|schon|seit)\b[^.!?\n]{0,60}\b(?:agentur|anbieter|partner|dienstleister)"
            r"\w*"
        ),
        (
            r"\b(?:haben|nutzen)\b[^.!?\n]{0,20}\b(?:bereits|schon)\b[^.!?\n]{0,30}\b(?:agentur|"
            r"anbieter|partner|dienstleister|losung)\w*"
        ),
        r"\b(?:bereits|schon|gut|bestens) (?:versorgt|aufgestellt|betreut|bedient)\b",
        r"\bnichts (?:andern|dran andern)\b",
        (r"\b(?:machen|erledigen|losen) (?:wir |das )?(?:\w+ ){0,3}(?:selbst|selber|" r"intern|inhouse|hausintern)\b"),
        r"\balles (?:selbst|selber|intern)\b",
        r"\bbrauch(?:en|e)\b[^.!?\n]{0,25}\bnicht\b",
        r"\b(?:brauch(?:en|e)|benotigen?) (?:wir |ich )?(?:\w+ ){0,2}(?:nicht|kein\w*|nichts)\b",
        r"\bzu (?:teuer|kostspielig)\b",
        r"\bnicht leisten\b",
        r"\bsind wir raus\b",
        r"\bbin (?:ich )?raus\b",
        (
            r"\b(?:anderen|andere|anderweitig) (?:anbieter|agentur|dienstleister|partner|"
            r"losung)?[^.!?\n]{0,20}\b(?:entschieden|vergeben|beauftragt|gewahlt)"
        ),
        r"\banderweitig\b",
        r"\bhatte\b[^.!?\n]{0,40}\binteressiert\b",
        r"\bnichts fur (?:uns|mich)\b|\b(?:muss|mussen|mochte|werde|werden)\b[^.!?\n]{0,20}\bpassen\b|\bbleiben\b[^.!?\n]{0,20}\b(?:bei|beim)\b|\bandere(?:n)? (?:prioritaten|baustellen|sorgen|plane)\b|\bprioritat\b[^.!?\n]{0,15}\b(?:nicht|keine)\b|\bkeine prioritat\b|\bbudget\b[^.!?\n]{0,40}\b(?:verplant|ausgeschopft|erschopft|aufgebraucht|gestrichen|vergeben|weg)\b|\b(?:gut|voll|komplett|bereits) (?:ausgelastet|ausgebucht)\b|\bkeine neuen\b",
        r"\b(?:kummert|macht|ubernimmt|betreut|erledigt)\b[^.!?\n]{0,40}\b(?:bereits|schon|agentur|zentrale|mutterkonzern|tochter|sohn|frau|mann|bruder|schwester|intern|fur uns)\b|\b(?:vertraglich|vertrag)\b[^.!?\n]{0,30}\b(?:gebunden|unterschrieben|verlangert|anderen)\b|\bsind (?:wir )?(?:\w+ )?zufrieden\b|\bzufrieden mit\b|\bkein(?:e)? (?:thema|option|anlass)\b|\blohnt (?:sich )?[^.!?\n]{0,20}\bnicht\b|\bdagegen entschieden\b|\bnicht das richtige\b|\bkeine verwendung\b|\bohne uns\b|\bdankend ab\b",
        r"\babsehen\b|\bfehlen? (?:uns|mir|es)\b[^.!?\n]{0,30}\b(?:geld|budget|zeit|mittel|personal|kapazitat\w*)\b|\bfalschen? adresse\b|\b(?:schliessen|aufgeben|geben)\b[^.!?\n]{0,30}\b(?:zum|ende|jahresende|auf|praxis|betrieb|geschaft)\b|\bjemanden (?:dafur|hierfur|der|fur)\b|\bhaben dafur\b[^.!?\n]{0,20}\b(?:jemanden|einen|eine|leute)\b|\berledigt\b|\bnein\b|\bohne (?:uns|mich)\b|\bwollen (?:wir )?(?:das |es )?nicht\b|\bnie wieder\b|\bschlechte erfahrung\w*\b|\brente\b|\bkeine? (?:agentur\w*|externen|fremd\w+|werbung schalten)\b|\bbrauchen (?:wir )?(?:so ?was|sowas|das|es) nicht\b|\blieber nicht\b|\bdankend\b[^.!?\n]{0,12}\b(?:ablehnen|ab)\b|\bnicht uberzeugt\b|\bgenugt uns\b",
    ),
    unsubscribe=(
        (
            r"^(?:bitte )?(?:abmelden|abmeldung|austragen|abbestellen|loschen|stop|stopp|"
            r"entfernen|newsletter abbestellen|unsubscribe)(?: bitte)?[.! ]{0,4}$"
        ),
        (
            r"\b(?:nehmen|nimm|entfernen|entferne|streichen|loschen|losche|tragen|nehmt|"
            r"streicht)\b[^.!?\n]{0,40}\b(?:mich|uns|meine|unsere|diese|alle)\b[^.!?\n]{0,60}\b(?:verteiler|"
            r"liste|datenbank|system|adresse\w*|daten|raus|heraus|aus|e-?mail\w*|kartei)"
            r"\b"
        ),
        r"\baus (?:ihrem|dem|eurem|ihrer|der) (?:\w+ ?)?(?:verteiler|liste|mailingliste|datenbank)",
        r"\b(?:loschen|loschung|vernichten)\b[^.!?\n]{0,50}\b(?:daten|adresse|kontakt\w*|e-?mail\w*)\b",
        r"\b(?:daten|adresse)\b[^.!?\n]{0,40}\b(?:zu )?losch(?:en|ung)\b",
        r"\bunterlassen sie\b",
        r"\bunterlassung\b",
        r"\bwiderspreche\b",
        r"\bwiderspruch\b",
        r"\bwiderrufe\b",
        r"\bkeine einwilligung\b",
        r"\beinwilligung\b[^.!?\n]{0,30}\bnicht\b",
        (
            r"\b(?:schreib\w*|mail\w*|kontaktier\w*|anschreib\w*|ruf\w*|belastig\w*|"
            r"schick\w*)\b[^.!?\n]{0,40}\b(?:nicht mehr|nie wieder|nie mehr|nicht weiter|"
            r"nicht noch)\b"
        ),
        (
            r"\b(?:nicht mehr|nie wieder|nicht weiter)\b[^.!?\n]{0,30}\b(?:kontaktier|"
            r"anschreib|angeschrieben|kontaktiert|belastig)\w*"
        ),
        (
            r"\bkeine\b[^.!?\n]{0,20}\b(?:e-?mails?|mails?|nachrichten|werbung|werbemails?|"
            r"newsletter|zusendungen)\b[^.!?\n]{0,40}\b(?:mehr|erhalten|bekommen|wunsch\w*|"
            r"senden|schicken|zusenden)\b"
        ),
        (
            r"\b(?:werbung|werbemails?|spam)\b[^.!?\n]{0,30}\b(?:einstellen|unerwunscht|"
            r"verboten|anzeige|abmahn\w*)\b"
        ),
        r"\bin ruhe\b",
        r"\bhoren sie auf\b",
        r"\bhort auf\b",
        r"\bdas ist spam\b",
        r"\babmahn\w*",
        r"\bstreichen sie\b[^.!?\n]{0,40}\b(?:adresse|mich|uns|namen)\b|\b(?:keinen|keinerlei) (?:weiteren |mehr )?(?:kontakt|kontaktaufnahme|zusendung\w*)\b|\bhoren sie\b[^.!?\n]{0,15}\bauf\b|\baufhoren\b[^.!?\n]{0,30}\b(?:schreib|mail|schick)|\b(?:schluss|genug) (?:mit|von|jetzt)\b[^.!?\n]{0,30}\bmails?\b|\bsperre(?:n)? (?:sie|ihre|ihren)\b|\bunerwunschte (?:werbung|mails?)|\bunverlangte\b|\bbelastigung\b|\bnicht (?:mehr|weiter) (?:an|zu)schreiben\b",
        r"\bverbitte\b|\bkeine\b[^.!?\n]{0,25}\b(?:e-?mails?|mails?|nachrichten|post|werbung|anschreiben)\b[^.!?\n]{0,20}\b(?:mehr|an diese|von ihnen|in zukunft|kunftig)\b|\bkunftig (?:bitte )?keine\b|\bnie (?:zugestimmt|eingewilligt|angemeldet|angefordert)\b|\b(?:ohne|nicht) (?:meine|unsere) (?:zustimmung|einwilligung|erlaubnis)\b|\bunaufgefordert\w*\b|\bnehmt? (?:sie )?(?:uns|mich)\b[^.!?\n]{0,20}\b(?:raus|heraus|aus)\b|\bbeschwer\w+\b[^.!?\n]{0,30}\b(?:datenschutz|einreichen|einlegen)\b",
    ),
    undecided=(
        r"\bnicht (?:zustandig|der richtige|die richtige|mein bereich)\b",
        r"\bzustandig ist\b",
        r"\bwenden sie sich\b",
        r"\bfalsche[rn]? ansprechpartner",
        r"\bmelden sie sich\b[^.!?\n]{0,40}\b(?:nochmal|noch einmal|wieder|spater|im|in|ab|nach)\b",
        r"\b(?:im moment|gerade|momentan) (?:ist )?(?:bei uns )?land unter\b",
        r"\bnachstes (?:jahr|quartal)\b",
        (
            r"\b(?:uberlege|uberlegen|nachdenken|durchdenken|besprechen muss|muss ich erst|"
            r"schaue? (?:ich )?(?:es )?mir)\b"
        ),
        r"\bwer sind sie\b",
        r"\bwoher haben sie\b",
        r"\bweiter(?:gegeben|geleitet)\b",
        r"\bworum geht\b|\bkummert sich\b|\bsommerferien\b|\bnoch ?einmal versuchen\b|\b(?:nach|im|ab) (?:dem |den |der )?(?:sommer|herbst|fruhjahr|urlaub|januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember)\b[^.!?\n]{0,30}\b(?:wieder|nochmal|erneut|melden|sprechen)\b|\bmeinten sie\b|\bfunktioniert nicht\b",
        r"\bvielleicht (?:im|spater|nachstes|in)\b|\bleite (?:ich )?(?:es|das|ihre)\b|\bwer hat ihnen\b|\blasst sich nicht offnen\b",
    ),
    yes_in_spite_of_no=(
        r"\bkein(?:e)? (?:problem|thema|frage|einwande?)\b",
        r"\bnicht (?:abgeneigt|schlecht|uninteressant|verkehrt|uninteressiert|nur)\b",
        r"\bwarum nicht\b",
        r"\bnichts dagegen\b",
        r"\beinwande habe ich keine\b",
        r"\bwieso nicht\b",
        r"\bspricht nichts\b",
    ),
    negators=(r"nicht", r"kein(?:e|en|er|em|es)?", r"nie", r"niemals", r"ohne", r"weder", r"wenig", r"kaum"),
    but=("aber", "jedoch", "allerdings", "dennoch", "trotzdem"),
    away=(
        (
            r"\b(?:nicht|derzeit nicht|aktuell nicht) (?:im buro|im haus|in der praxis|"
            r"am platz|am arbeitsplatz|erreichbar|da)\b"
        ),
        r"\bausser haus\b",
        r"\babwesen(?:d|heit)\b",
        r"\bausserhalb des buros\b",
        (
            r"\b(?:im|in|bis|meinen?|mache(?:n)?|geniesse|in den|auf) ?(?:\w+ ){0,2}(?:urlaub|"
            r"elternzeit|mutterschutz|dienstreise|geschaftsreise|fortbildung|ferien|"
            r"krankenstand|kur|reha|schulung|weiterbildung|messe|seminar|sabbatical|"
            r"betriebsferien)\b"
        ),
        r"\b(?:bin|sind) (?:\w+ ){0,4}(?:krank|erkrankt|krankgeschrieben|unterwegs|verreist|auf reisen)\b",
        r"\bwieder (?:im buro|erreichbar|da|zuruck|fur sie da|im haus|vor ort|geoffnet)\b",
        r"\bzuruck im buro\b",
        r"\bbin (?:ich )?(?:\w+ ){0,5}zuruck\b",
        r"\bvoraussichtlich\b[^.!?\n]{0,40}\bzuruck\b",
        r"\b(?:praxis|buro|kanzlei|geschaft|betrieb|unternehmen|werkstatt)\b[^.!?\n]{0,60}\bgeschlossen\b",
        r"\bwird nicht (?:weitergeleitet|gelesen)\b",
        r"\bnicht gelesen\b",
        r"\bkeinen zugriff auf\b",
        r"\b(?:eingeschrankt|begrenzt|nur selten)\w* (?:\w+ )?(?:zugriff|erreichbar|lesen)\b",
        r"\blese (?:\w+ )?keine (?:e-?mails?|mails?)\b",
        r"\bmeine vertretung\b",
        r"\bvertritt mich\b",
        r"\bin meiner abwesenheit\b",
        r"\bnach meiner ruckkehr\b",
        r"\bwieder ab\b|\bab (?:dem |montag|dienstag|mittwoch|donnerstag|freitag|\d)[^.!?\n]{0,30}\bwieder\b|\bim dienst\b|\bnicht (?:zu )?erreichbar\b|\bnicht (?:am|an meinem) (?:platz|arbeitsplatz)\b|\bhabe (?:ich )?(?:frei|urlaub)\b|\bfrei(?:en)? tag\b|\b(?:praxis|buro|kanzlei|geschaft)\b[^.!?\n]{0,80}\bgeschlossen\b|\bbleibt\b[^.!?\n]{0,60}\bgeschlossen\b",
        r"\bnicht am schreibtisch\b|\bwieder zu erreichen\b|\bverreist\b|\bbis auf weiteres\b|\bim krankenhaus\b|\bkrankheitsbedingt\b|\bwegen krankheit\b|\blese ich (?:ihre|die)\b|\bauf (?:einer |der )?(?:messe|tagung|konferenz)\b|\bnur (?:vormittags|unregelmassig|eingeschrankt)\b",
    ),
    past=(
        (
            r"\b(?:war|waren|gewesen|letzte (?:woche|n)|vergangene|entschuldigen sie|"
            r"gerade zuruck|zuruckgekommen|seit gestern wieder|hatte|hatten|nach meinem urlaub)"
            r"\b"
        ),
    ),
    automatic=(
        r"\bautomatische (?:antwort|nachricht|e-?mail|ruckantwort)",
        r"\babwesend\b",
        r"\babwesenheit\w*",
        r"\bnicht im (?:haus|buro)\b",
        r"\bausser haus\b",
        r"\burlaubs?(?:notiz|meldung|benachrichtigung|abwesenheit)",
        r"\bautoantwort",
        r"\bautomatisch generiert",
        r"\bim urlaub\b",
    ),
    gone=(
        (
            r"\bnicht mehr (?:\w+ ){0,5}(?:tatig|beschaftigt|angestellt|im unternehmen|"
            r"bei uns|im haus|mitarbeiter\w*)\b"
        ),
        r"\b(?:unternehmen|firma|haus|uns)\b[^.!?\n]{0,30}\bverlassen\b",
        r"\bausgeschieden\b",
        r"\bim ruhestand\b",
    ),
    received=(
        (
            r"\b(?:haben|habe)\b[^.!?\n]{0,20}\bihre (?:\w+ )?(?:nachricht|anfrage|e-?mail|"
            r"mail|bewerbung|bestellung)\b[^.!?\n]{0,30}\berhalten\b"
        ),
        r"\b(?:nachricht|anfrage|e-?mail) ist (?:bei uns )?(?:eingegangen|angekommen)",
        r"\bbearbeite[nt]\b[^.!?\n]{0,40}\b(?:schnellstmoglich|schnell|moglich)",
        r"\bticket\w*\b",
        r"\beingangsbestatigung",
        r"\bschnellstmoglich\b",
        r"\bantworten sie nicht auf diese",
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
        (
            r"(?:mit |viele |beste |freundliche |herzliche |schone |liebe |sonnige )*(?:freundlichen? |"
            r"besten? |herzlichen? |lieben? |kollegialen? )*(?:gruss(?:e|en)?)"
        ),
        r"mfg",
        r"vg",
        r"lg",
        r"bg",
        r"gruss",
        r"hochachtungsvoll",
        r"danke und gruss",
        r"herzlichst",
        r"schonen (?:tag|abend|gruss)",
        r"ihr[e]? team",
    ),
    device=(
        r"(?:von meinem|gesendet (?:von|mit|aus)|diese nachricht wurde von|von unterwegs)",
        r"outlook fur (?:ios|android)",
        r"diese (?:e-?mail|nachricht) (?:kann|enthalt|ist)",
        r"holen sie sich outlook",
    ),
)
