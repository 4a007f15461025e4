"""German."""

from apps.cam.rules.languages.phrases import Language

GERMAN = Language(
    locale="de",
    interest=(
        r"\binteressiert(?: (?:mich|uns))?\b|\binteressant fur (?:uns|mich)\b",
        (
            r"\b(?:grundsatzlich |grosses |durchaus |prinzipiell )?interesse (?:hatten|haben|habe|hatte|ist|ware|"
            r"besteht)\b"
        ),
        r"\b(?:hatten|haben|habe|hatte|besteht)\b[^.!?\n]{0,30}\binteresse\b",
        (
            r"\b(?:klingt|hort sich|liest sich|sieht) (?:\w+ ){0,2}(?:gut|spannend|interessant|vielversprechend|"
            r"vernunftig|prima|super)"
        ),
        r"\b(?:spannend|hat mir gefallen|hat uns gefallen|gefallt (?:mir|uns))\b",
        (
            r"\b(?:lassen sie uns|lass uns|konnen wir|wollen wir|wurde(?:n)? (?:ich |wir )?(?:gern\w*|mich|uns))"
            r"\b[^.!?\n]{0,60}\b(?:telefonier|sprech|red|treff|termin|unterhalt|austausch|besprech|kennenlern)\w*"
        ),
        (
            r"\b(?:schicken|senden|mailen|schick|send|ubersenden) (?:sie )?(?:mir|uns)?\b(?! nicht)"
            r"[^.!?\n]{0,60}\b(?:info\w*|unterlagen|angebot\w*|details|preis\w*|beispiele|referenzen|material\w*|"
            r"einladung|prasentation)"
        ),
        r"\b(?:mehr|weitere|nahere) (?:info\w*|details|unterlagen)\b",
        r"\b(?:unverbindliches |ein |ihr )?angebot (?:zukommen|zusenden|erstellen|schicken|machen)\b|\bzukommen\b",
        r"\bwas (?:kostet|wurde|kosten|ware)\b[^.!?\n]{0,40}|\bwie ?viel (?:kostet|wurde)",
        r"\b(?:preise|preisliste|konditionen|kosten)\b[^.!?\n]{0,30}\?",
        r"\brufen sie (?:mich|uns|doch|gern\w*|bitte)\b(?! nicht)[^.!?\n]{0,40}\ban\b",
        r"\bruf (?:mich|uns)\b[^.!?\n]{0,20}\ban\b",
        r"\b(?:melden sie sich|erreichen sie mich)\b(?=[^.!?\n]{0,30}(?:telefon|unter|gern))",
        (
            r"\b(?:termin|telefonat|gesprach|treffen|demo|vorfuhrung)\b[^.!?\n]{0,60}\b(?:ausmachen|vereinbaren|"
            r"machen|aus|vorschlag\w*|passt|moglich|zeit|zeigen)\b"
        ),
        r"\b(?:machen wir|vorschlag fur) einen termin|\beine demo\b|\bvorschlag fur einen termin",
        (
            r"\b(?:passt|gern(?:e)?|jederzeit|einverstanden|ich bin dabei|wir sind dabei|bin dabei|machen wir|"
            r"sehr gern)\b"
        ),
        r"\bwie geht(?:'s| es)? (?:es )?weiter\b|\bnachste schritt\w*|\bhatten sie\b[^.!?\n]{0,40}\b(?:zeit|lust)\b",
        r"\bwann (?:hatten|haben|konnten|konnen|passt)\b|\bauf der agenda\b|\bkommen sie gern",
        r"\bware\b[^.!?\n]{0,40}\b(?:etwas|was|interessant|passend)\b",
        r"\b(?:sind|waren|bin) (?:nicht abgeneigt|aufgeschlossen|offen)\b|\bplanen (?:wir|fur)\b|\bwir planen\b",
        r"\bvergleichen (?:gerade|derzeit)",
        (
            r"\b(?:konnen|konnten|wurden|wollen|mochten|machen|bieten|haben|arbeiten|kennen|kommen) sie (?:auch |"
            r"uns |mir |da |dazu |das |bitte |vielleicht |denn |schon |einmal |mal )+[^.!?\n]{0,70}\?"
        ),
        (
            r"\b(?:konnen|konnten|sollten|wollen) wir\b[^.!?\n]{0,60}\b(?:anschauen|ansehen|angehen|starten|"
            r"vereinbaren|machen|sehen|probieren|durchgehen)\b"
        ),
        r"\b(?:schlagen|schlag) (?:sie )?[^.!?\n]{0,30}\b(?:termin\w*|zeit\w*|datum)?\b[^.!?\n]{0,15}\bvor\b",
        r"\bstellen sie (?:es|uns|mir|das)\b[^.!?\n]{0,30}\bvor\b|\bvorstellen\b|\bins geschaft\b",
        r"\bja,? (?:bitte|gern\w*|sehr|das|wir|ich|klar|unbedingt)\b|\bklar\b|\bunbedingt\b",
        r"\bfreue(?:n)? (?:mich|uns)\b|\bgespannt\b|\bneugierig\b",
        r"\bmehr (?:davon|daruber|dazu|erfahren|wissen|horen)\b|\bbin (?:ich )?dabei\b|\babgemacht\b|\bhort sich\b",
        r"\blos geht'?s\b",
        r"\bwas (?:wurde|wurden|kame|kommt|konnte|konnten)\b[^.!?\n]{0,40}\b(?:kosten|preis|zahlen|uns)\b",
        r"\bangebot (?:an|fur|uber)\b|\berreichbar\b(?=[^.!?\n]{0,20}(?:unter|telefon|mobil))",
        r"\b(?:suchen|suche) (?:gerade|derzeit|ohnehin|sowieso|schon|genau|aktuell|momentan|eh)\b",
        r"\bam (?:besten|liebsten)\b|\bvorbeikommen\b|\bhilfe (?:konnten|brauchen|gebrauchen)\b|\bgebrauchen\b",
        r"^ja[,.!]",
        (
            r"\b(?:erfahrung\w*|anbieten|angebot|referenzen|beispiele|preise?|kosten|leistung\w*|ablauf|vorgehen|"
            r"vertrag\w*|ergebnisse|pakete?|mindest\w+|kunden)\b[^.!?\n]{0,60}\?"
        ),
        (
            r"\b(?:was|wie|welche\w*|wann|wo|ab wann)\b[^.!?\n]{0,30}\bsie\b[^.!?\n]{0,30}\b(?:anbieten|machen|"
            r"vorgehen|leisten|helfen|kosten|starten|anfangen|kommen|zeit)\b"
        ),
        r"\btrifft sich (?:gut|bestens|ausgezeichnet)\b",
        r"\b(?:richtigen?|guten?|passenden?|rechten?) (?:zeitpunkt|zeit|moment)\b",
        r"\blade[n]? sie\b[^.!?\n]{0,20}\bein\b|\blade sie (?:herzlich |gern )?ein\b",
        (
            r"\bbitte(?:n)? um (?:\w+ )?(?:ruckruf|angebot\w*|termin\w*|kontaktaufnahme|unterlagen|vorschlag\w*|"
            r"preis\w*|informationen)\b"
        ),
        r"\bruckruf\b|\bvorschlag\b|\bbin (?:ich )?(?:gern )?(?:bereit|offen|zu haben)\b",
        r"\bwollten (?:ohnehin|sowieso|eh)\b|\boffen (?:fur|gegenuber)\b|\bbegeistert\b|\bbeeindruckt\b",
        r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|morgen|vormittag|nachmittag)s?\b[^.!?\n]{0,25}\?",
        (
            r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag)\b[^.!?\n]{0,10}\b(?:um|gegen|\d{1,2} uhr|ginge|geht|"
            r"passt|ware)\b"
        ),
        r"\bnachste[nr]? schritte?n?\b|\bgrundsatzlich ja\b|\bwas ware(?:n)? (?:die|der|das)\b",
    ),
    refusal=(
        r"\bnein,? ?(?:danke|vielen dank|besten dank|merci)?\b|\bno,? danke\b|\bdanke,? nein\b",
        r"\blassen sie (?:mal|es|das)\b|\bnee\b",
        (
            r"\bkein(?:e|en|erlei|es|em)?\b[^.!?\n]{0,25}\b(?:interesse|bedarf|budget|verwendung|mittel|geld|"
            r"kapazitat\w*|zeit|notwendigkeit)\b"
        ),
        r"\bdesinteresse\b",
        (
            r"\b(?:nicht|nie|niemals|wenig|kaum)\b[^.!?\n]{0,20}\b(?:interessiert|interessant|relevant|in frage|"
            r"infrage|gewunscht|notig|notwendig|erforderlich|benotig\w*|passend|vorgesehen|unser thema|geeignet)\b"
        ),
        r"\bnicht mehr\b(?! (?:an|auf|in|bis))|\bpasst (?:\w+ )?nicht\b",
        r"\bkommt\b[^.!?\n]{0,30}\bnicht\b[^.!?\n]{0,20}\bfrage\b|\bnicht (?:zu uns|fur uns)\b|\babsagen\b",
        r"\babsage\b|\bablehnen\b|\blehnen\b[^.!?\n]{0,30}\bab\b|\bsehen (?:wir )?(?:davon )?ab\b|\babstand\b",
        r"\bverzichten\b|\bnicht (?:annehmen|wahrnehmen|weiterverfolgen|zusammenkommen)\b|\bwerden wir nicht\b",
        r"\b(?:mochten|wollen|werden) (?:wir |ich )?(?:\w+ ){0,4}nicht\b",
        (
            r"\b(?:arbeiten|arbeite|kooperieren)\b[^.!?\n]{0,40}\b(?:mit einer|mit einem|bereits|schon|seit)"
            r"\b[^.!?\n]{0,60}\b(?:agentur|anbieter|partner|dienstleister)\w*"
        ),
        (
            r"\b(?:haben|nutzen)\b[^.!?\n]{0,20}\b(?:bereits|schon)\b[^.!?\n]{0,30}\b(?:agentur|anbieter|partner|"
            r"dienstleister|losung)\w*"
        ),
        r"\b(?:bereits|schon|gut|bestens) (?:versorgt|aufgestellt|betreut|bedient)\b",
        r"\bnichts (?:andern|dran andern)\b",
        r"\b(?:machen|erledigen|losen) (?:wir |das )?(?:\w+ ){0,3}(?:selbst|selber|intern|inhouse|hausintern)\b",
        r"\balles (?:selbst|selber|intern)\b|\bbrauch(?:en|e)\b[^.!?\n]{0,25}\bnicht\b",
        r"\b(?:brauch(?:en|e)|benotigen?) (?:wir |ich )?(?:\w+ ){0,2}(?:nicht|kein\w*|nichts)\b",
        r"\bzu (?:teuer|kostspielig)\b|\bnicht leisten\b|\bsind wir raus\b|\bbin (?:ich )?raus\b",
        (
            r"\b(?:anderen|andere|anderweitig) (?:anbieter|agentur|dienstleister|partner|"
            r"losung)?[^.!?\n]{0,20}\b(?:entschieden|vergeben|beauftragt|gewahlt)"
        ),
        r"\banderweitig\b|\bhatte\b[^.!?\n]{0,40}\binteressiert\b|\bnichts fur (?:uns|mich)\b",
        r"\b(?:muss|mussen|mochte|werde|werden)\b[^.!?\n]{0,20}\bpassen\b|\bbleiben\b[^.!?\n]{0,20}\b(?:bei|beim)\b",
        r"\bandere(?:n)? (?:prioritaten|baustellen|sorgen|plane)\b|\bprioritat\b[^.!?\n]{0,15}\b(?:nicht|keine)\b",
        r"\bkeine prioritat\b",
        r"\bbudget\b[^.!?\n]{0,40}\b(?:verplant|ausgeschopft|erschopft|aufgebraucht|gestrichen|vergeben|weg)\b",
        r"\b(?:gut|voll|komplett|bereits) (?:ausgelastet|ausgebucht)\b|\bkeine neuen\b",
        (
            r"\b(?:kummert|macht|ubernimmt|betreut|erledigt)\b[^.!?\n]{0,40}\b(?:bereits|schon|agentur|zentrale|"
            r"mutterkonzern|tochter|sohn|frau|mann|bruder|schwester|intern|fur uns)\b"
        ),
        r"\b(?:vertraglich|vertrag)\b[^.!?\n]{0,30}\b(?:gebunden|unterschrieben|verlangert|anderen)\b",
        r"\bsind (?:wir )?(?:\w+ )?zufrieden\b|\bzufrieden mit\b|\bkein(?:e)? (?:thema|option|anlass)\b",
        r"\blohnt (?:sich )?[^.!?\n]{0,20}\bnicht\b|\bdagegen entschieden\b|\bnicht das richtige\b",
        r"\bkeine verwendung\b|\bohne uns\b|\bdankend ab\b|\babsehen\b",
        r"\bfehlen? (?:uns|mir|es)\b[^.!?\n]{0,30}\b(?:geld|budget|zeit|mittel|personal|kapazitat\w*)\b",
        r"\bfalschen? adresse\b",
        r"\b(?:schliessen|aufgeben|geben)\b[^.!?\n]{0,30}\b(?:zum|ende|jahresende|auf|praxis|betrieb|geschaft)\b",
        r"\bjemanden (?:dafur|hierfur|der|fur)\b|\bhaben dafur\b[^.!?\n]{0,20}\b(?:jemanden|einen|eine|leute)\b",
        r"\berledigt\b|\bnein\b|\bohne (?:uns|mich)\b|\bwollen (?:wir )?(?:das |es )?nicht\b|\bnie wieder\b",
        r"\bschlechte erfahrung\w*\b|\brente\b|\bkeine? (?:agentur\w*|externen|fremd\w+|werbung schalten)\b",
        r"\bbrauchen (?:wir )?(?:so ?was|sowas|das|es) nicht\b|\blieber nicht\b",
        r"\bdankend\b[^.!?\n]{0,12}\b(?:ablehnen|ab)\b|\bnicht uberzeugt\b|\bgenugt uns\b",
        r"\bfehlt\b[^.!?\n]{0,12}\b(?:geld|budget|zeit|personal)\b|\bkeine zeit\b",
    ),
    unsubscribe=(
        r"\b(?:entfernen|loschen|streichen|nehmen|melden|tragen) sie (?:mich|uns|meine|unsere)\b",
        r"\b(?:aus|von) (?:ihrer|der|eurer|dieser|ihrem|dem) \w{0,12}(?:liste|verteiler)\b",
        (
            r"^(?:bitte )?(?:abmelden|abmeldung|austragen|abbestellen|loschen|stop|stopp|entfernen|"
            r"newsletter abbestellen|unsubscribe)(?: bitte)?[.! ]{0,4}$"
        ),
        (
            r"\b(?:nehmen|nimm|entfernen|entferne|streichen|loschen|losche|tragen|nehmt|streicht)"
            r"\b[^.!?\n]{0,40}\b(?:mich|uns|meine|unsere|diese|alle)\b[^.!?\n]{0,60}\b(?:verteiler|liste|datenbank|"
            r"system|adresse\w*|daten|raus|heraus|aus|e-?mail\w*|kartei)\b"
        ),
        r"\baus (?:ihrem|dem|eurem|ihrer|der) (?:\w+ ?)?(?:verteiler|liste|mailingliste|datenbank)",
        r"\b(?:loschen|loschung|vernichten)\b[^.!?\n]{0,50}\b(?:daten|adresse|kontakt\w*|e-?mail\w*)\b",
        r"\b(?:daten|adresse)\b[^.!?\n]{0,40}\b(?:zu )?losch(?:en|ung)\b|\bunterlassen sie\b|\bunterlassung\b",
        r"\bwiderspreche\b|\bwiderspruch\b|\bwiderrufe\b|\bkeine einwilligung\b",
        r"\beinwilligung\b[^.!?\n]{0,30}\bnicht\b",
        (
            r"\b(?:schreib\w*|mail\w*|kontaktier\w*|anschreib\w*|ruf\w*|belastig\w*|schick\w*)"
            r"\b[^.!?\n]{0,40}\b(?:nicht mehr|nie wieder|nie mehr|nicht weiter|nicht noch)\b"
        ),
        (
            r"\b(?:nicht mehr|nie wieder|nicht weiter)\b[^.!?\n]{0,30}\b(?:kontaktier|anschreib|angeschrieben|"
            r"kontaktiert|belastig)\w*"
        ),
        (
            r"\bkeine\b[^.!?\n]{0,20}\b(?:e-?mails?|mails?|nachrichten|werbung|werbemails?|newsletter|zusendungen)"
            r"\b[^.!?\n]{0,40}\b(?:mehr|erhalten|bekommen|wunsch\w*|senden|schicken|zusenden)\b"
        ),
        r"\b(?:werbung|werbemails?|spam)\b[^.!?\n]{0,30}\b(?:einstellen|unerwunscht|verboten|anzeige|abmahn\w*)\b",
        r"\bin ruhe\b|\bhoren sie auf\b|\bhort auf\b|\bdas ist spam\b|\babmahn\w*",
        r"\bstreichen sie\b[^.!?\n]{0,40}\b(?:adresse|mich|uns|namen)\b",
        r"\b(?:keinen|keinerlei) (?:weiteren |mehr )?(?:kontakt|kontaktaufnahme|zusendung\w*)\b",
        r"\bhoren sie\b[^.!?\n]{0,15}\bauf\b|\baufhoren\b[^.!?\n]{0,30}\b(?:schreib|mail|schick)",
        r"\b(?:schluss|genug) (?:mit|von|jetzt)\b[^.!?\n]{0,30}\bmails?\b|\bsperre(?:n)? (?:sie|ihre|ihren)\b",
        r"\bunerwunschte (?:werbung|mails?)|\bunverlangte\b|\bbelastigung\b",
        r"\bnicht (?:mehr|weiter) (?:an|zu)schreiben\b|\bverbitte\b",
        (
            r"\bkeine\b[^.!?\n]{0,25}\b(?:e-?mails?|mails?|nachrichten|post|werbung|anschreiben)"
            r"\b[^.!?\n]{0,20}\b(?:mehr|an diese|von ihnen|in zukunft|kunftig)\b"
        ),
        r"\bkunftig (?:bitte )?keine\b|\bnie (?:zugestimmt|eingewilligt|angemeldet|angefordert)\b",
        r"\b(?:ohne|nicht) (?:meine|unsere) (?:zustimmung|einwilligung|erlaubnis)\b|\bunaufgefordert\w*\b",
        r"\bnehmt? (?:sie )?(?:uns|mich)\b[^.!?\n]{0,20}\b(?:raus|heraus|aus)\b",
        r"\bbeschwer\w+\b[^.!?\n]{0,30}\b(?:datenschutz|einreichen|einlegen)\b",
        (
            r"\b(?:senden|schicken|schreiben|mailen|schickt|sendet|schick|zusenden)\b[^.!?\n]{0,30}\bkein(?:e|erlei)"
            r"\b[^.!?\n]{0,25}\b(?:e-?mails?|mails?|nachrichten|werbung|newsletter|angebote|post)\b"
        ),
        r"\bstreichung\b",
        r"\b(?:austragung|entfernung|loschung)\b[^.!?\n]{0,30}\b(?:verteiler|liste|daten\w*|adresse)\b",
    ),
    undecided=(
        r"\bnicht (?:zustandig|der richtige|die richtige|mein bereich)\b|\bzustandig ist\b|\bwenden sie sich\b",
        r"\bfalsche[rn]? ansprechpartner",
        r"\bmelden sie sich\b[^.!?\n]{0,40}\b(?:nochmal|noch einmal|wieder|spater|im|in|ab|nach)\b",
        r"\b(?:im moment|gerade|momentan) (?:ist )?(?:bei uns )?land unter\b|\bnachstes (?:jahr|quartal)\b",
        (
            r"\b(?:uberlege|uberlegen|nachdenken|durchdenken|besprechen muss|muss ich erst|"
            r"schaue? (?:ich )?(?:es )?mir)\b"
        ),
        r"\bwer sind sie\b|\bwoher haben sie\b|\bweiter(?:gegeben|geleitet)\b|\bworum geht\b|\bkummert sich\b",
        r"\bsommerferien\b|\bnoch ?einmal versuchen\b",
        (
            r"\b(?:nach|im|ab) (?:dem |den |der )?(?:sommer|herbst|fruhjahr|urlaub|januar|februar|marz|april|mai|"
            r"juni|juli|august|september|oktober|november|dezember)\b[^.!?\n]{0,30}\b(?:wieder|nochmal|erneut|"
            r"melden|sprechen)\b"
        ),
        r"\bmeinten sie\b|\bfunktioniert nicht\b|\bvielleicht (?:im|spater|nachstes|in)\b",
        r"\bleite (?:ich )?(?:es|das|ihre)\b|\bwer hat ihnen\b|\blasst sich nicht offnen\b",
    ),
    yes_in_spite_of_no=(
        r"\bkein(?:e)? (?:problem|thema|frage|einwande?)\b",
        r"\bnicht (?:abgeneigt|schlecht|uninteressant|verkehrt|uninteressiert|nur)\b|\bwarum nicht\b",
        r"\bnichts dagegen\b|\beinwande habe ich keine\b|\bwieso nicht\b|\bspricht nichts\b",
        r"\bnicht (?:ubel|dumm|falsch|verkehrt|unspannend)\b",
    ),
    negators=(
        "nicht",
        "kein(?:e|en|er|em|es)?",
        "nie",
        "niemals",
        "ohne",
        "weder",
        "wenig",
        "kaum",
    ),
    but=(
        "aber",
        "jedoch",
        "allerdings",
        "dennoch",
        "trotzdem",
    ),
    away=(
        (
            r"\b(?:nicht|derzeit nicht|aktuell nicht) (?:im buro|im haus|in der praxis|am platz|am arbeitsplatz|"
            r"erreichbar|da)\b"
        ),
        r"\bausser haus\b|\babwesen(?:d|heit)\b|\bausserhalb des buros\b",
        (
            r"\b(?:im|in|bis|meinen?|mache(?:n)?|geniesse|in den|auf) ?(?:\w+ ){0,2}(?:urlaub|elternzeit|"
            r"mutterschutz|dienstreise|geschaftsreise|fortbildung|ferien|krankenstand|kur|reha|schulung|"
            r"weiterbildung|messe|seminar|sabbatical|betriebsferien)\b"
        ),
        r"\b(?:bin|sind) (?:\w+ ){0,4}(?:krank|erkrankt|krankgeschrieben|unterwegs|verreist|auf reisen)\b",
        r"\bwieder (?:im buro|erreichbar|da|zuruck|fur sie da|im haus|vor ort|geoffnet)\b|\bzuruck im buro\b",
        r"\bbin (?:ich )?(?:\w+ ){0,5}zuruck\b|\bvoraussichtlich\b[^.!?\n]{0,40}\bzuruck\b",
        r"\b(?:praxis|buro|kanzlei|geschaft|betrieb|unternehmen|werkstatt)\b[^.!?\n]{0,60}\bgeschlossen\b",
        r"\bwird nicht (?:weitergeleitet|gelesen)\b|\bnicht gelesen\b|\bkeinen zugriff auf\b",
        r"\b(?:eingeschrankt|begrenzt|nur selten)\w* (?:\w+ )?(?:zugriff|erreichbar|lesen)\b",
        r"\blese (?:\w+ )?keine (?:e-?mails?|mails?)\b|\bmeine vertretung\b|\bvertritt mich\b",
        r"\bin meiner abwesenheit\b|\bnach meiner ruckkehr\b|\bwieder ab\b",
        r"\bab (?:dem |montag|dienstag|mittwoch|donnerstag|freitag|\d)[^.!?\n]{0,30}\bwieder\b|\bim dienst\b",
        r"\bnicht (?:zu )?erreichbar\b|\bnicht (?:am|an meinem) (?:platz|arbeitsplatz)\b",
        r"\bhabe (?:ich )?(?:frei|urlaub)\b|\bfrei(?:en)? tag\b",
        r"\b(?:praxis|buro|kanzlei|geschaft)\b[^.!?\n]{0,80}\bgeschlossen\b|\bbleibt\b[^.!?\n]{0,60}\bgeschlossen\b",
        r"\bnicht am schreibtisch\b|\bwieder zu erreichen\b|\bverreist\b|\bbis auf weiteres\b|\bim krankenhaus\b",
        r"\bkrankheitsbedingt\b|\bwegen krankheit\b|\blese ich (?:ihre|die)\b",
        r"\bauf (?:einer |der )?(?:messe|tagung|konferenz)\b|\bnur (?:vormittags|unregelmassig|eingeschrankt)\b",
    ),
    past=(
        (
            r"\b(?:war|waren|gewesen|letzte (?:woche|n)|vergangene|entschuldigen sie|gerade zuruck|zuruckgekommen|"
            r"seit gestern wieder|hatte|hatten|nach meinem urlaub)\b"
        ),
    ),
    automatic=(
        r"\bautomatische (?:antwort|nachricht|e-?mail|ruckantwort)|\babwesend\b|\babwesenheit\w*",
        r"\bnicht im (?:haus|buro)\b|\bausser haus\b|\burlaubs?(?:notiz|meldung|benachrichtigung|abwesenheit)",
        r"\bautoantwort|\bautomatisch generiert|\bim urlaub\b",
    ),
    gone=(
        r"\bnicht mehr (?:\w+ ){0,5}(?:tatig|beschaftigt|angestellt|im unternehmen|bei uns|im haus|mitarbeiter\w*)\b",
        r"\b(?:unternehmen|firma|haus|uns)\b[^.!?\n]{0,30}\bverlassen\b|\bausgeschieden\b|\bim ruhestand\b",
    ),
    received=(
        (
            r"\b(?:haben|habe)\b[^.!?\n]{0,20}\bihre (?:\w+ )?(?:nachricht|anfrage|e-?mail|mail|bewerbung|"
            r"bestellung)\b[^.!?\n]{0,30}\berhalten\b"
        ),
        r"\b(?:nachricht|anfrage|e-?mail) ist (?:bei uns )?(?:eingegangen|angekommen)",
        r"\bbearbeite[nt]\b[^.!?\n]{0,40}\b(?:schnellstmoglich|schnell|moglich)|\bticket\w*\b|\beingangsbestatigung",
        r"\bschnellstmoglich\b|\bantworten sie nicht auf diese",
    ),
    back=(r"\b(?:ab(?: dem| den| der)?|wieder|zuruck|ruckkehr|erst)\b",),
    until=(r"\bbis(?: zum| zur| einschliesslich| inklusive| inkl\.?)?\b",),
    inclusive=(r"\b(?:einschliesslich|einschl|inklusive|inkl)\b",),
    tomorrow=(r"(?<!guten )(?<!gute )\bmorgen\b(?! frueh)",),
    next_week=(r"\b(?:nachste|kommende)r? woche\b",),
    quote=(
        r"^am\b.{4,200}\bschrieb\b.{0,200}:?$",
        r"^-{2,}\s*(?:ursprungliche|weitergeleitete|original)\s?-?(?:nachricht|mail)|^anfang der weitergeleiteten",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> (?:schrieb|hat)\b.{0,60}:$",
    ),
    from_header=(
        "von",
        "gesendet",
        "an",
        "betreff",
        "datum",
        "kopie",
    ),
    closing=(
        (
            r"(?:mit |viele |beste |freundliche |herzliche |schone |liebe |sonnige )*(?:freundlichen? |besten? |"
            r"herzlichen? |lieben? |kollegialen? )*(?:gruss(?:e|en)?)"
        ),
        r"mfg|vg|lg|bg|gruss|hochachtungsvoll|danke und gruss|herzlichst|schonen (?:tag|abend|gruss)|ihr[e]? team",
    ),
    device=(
        r"(?:von meinem|gesendet (?:von|mit|aus)|diese nachricht wurde von|von unterwegs)",
        r"outlook fur (?:ios|android)|diese (?:e-?mail|nachricht) (?:kann|enthalt|ist)|holen sie sich outlook",
    ),
)
