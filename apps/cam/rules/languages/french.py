"""French."""

from apps.cam.rules.languages.phrases import Language

FRENCH = Language(
    locale="fr",
    interest=(
        r"\b(?:m'|nous |t')interess(?:e|ent|erait|eraient)\b",
        r"\b(?:suis|sommes|serais|serions|etre) (?:tres |vraiment |fort |bien )?interess(?:e|ee|es|ees)\b",
        r"\binteress(?:ee|ees)\b",
        r"\bretenu (?:mon|notre) attention",
        r"\bnous (?:a plu|parle|plait)\b",
        r"\bme (?:plait|parle)\b",
        r"\bpourquoi pas\b",
        r"\bavec (?:grand )?plaisir\b",
        r"\bvolontiers\b",
        r"\bd'accord pour\b",
        r"\bpartant(?:e|s)?\b",
        r"\bca tombe bien\b",
        r"\bca m'irait\b",
        r"\bme conviendrait\b",
        r"\bme convient\b",
        r"\bcela (?:me|nous) convient",
        (
            r"\b(?:envoyez|envoie|transmettez|faites|adressez|parvenir)\b[^.!?\n]{0,40}\b(?:informations?|"
            r"infos?|details|devis|tarifs?|proposition|documentation|brochure|exemples|"
            r"references|invitation)\b"
        ),
        r"\b(?:plus|davantage) d'(?:informations?|infos?|elements)\b",
        r"\bun devis\b",
        (
            r"\bquels? (?:sont|serait|est|seraient)\b[^.!?\n]{0,40}\b(?:tarifs?|prix|"
            r"couts?|conditions|suite|etapes?)\b"
        ),
        r"\bcombien\b[^.!?\n]{0,30}\b(?:coute|ca|cela|facture\w*|cout)",
        r"\bquelle est la suite\b",
        r"\bprochaine etape\b",
        r"\b(?:appelez|rappelez|appelle|rappelle|telephonez)[- ]?(?:moi|nous)\b",
        r"\bvous pouvez m'(?:appeler|joindre)",
        r"\b(?:seriez|etes|serais|seras|es)[- ](?:vous|tu)\b[^.!?\n]{0,20}\b(?:disponible|dispo|libre)",
        (
            r"\b(?:quand|quel jour|quelles disponibilites)\b[^.!?\n]{0,30}\b(?:disponible|"
            r"dispo|libre|pouvons|pourrions)"
        ),
        (
            r"\b(?:discut(?:er|ons)|echang(?:er|eons)|(?:en )?parl(?:er|ons)(?:[- ]en)?|"
            r"rencontr(?:er|ons)|se cale|caler|organis(?:er|ons)|fixer|fixons|prendre|"
            r"convenir)\b[^.!?\n]{0,40}(?:\bavec vous\b|\bune? (?:rdv|rendez-vous|visio|"
            r"appel|call|creneau|date|reunion)|\brdv\b|\brendez-vous\b|\ben parler\b|"
            r"$)"
        ),
        r"\ben parler\b",
        r"\bparlons[- ]en\b",
        (
            r"\b(?:proposez|proposer)[- ]?(?:moi|nous|un|une)?\b[^.!?\n]{0,30}\b(?:date|"
            r"creneau|rdv|rendez-vous|horaire|jour)"
        ),
        r"\bune? (?:demo|demonstration|creneau)\b",
        r"\bcurieu(?:x|se)\b",
        r"\bravie? d'echanger",
        r"\b(?:cherche|cherchons|recherchons)\b[^.!?\n]{0,40}\b(?:quelqu'un|agence|prestataire|partenaire)",
        r"\b(?:etudions|comparons)\b[^.!?\n]{0,40}\bagences?\b",
        r"\bauriez-vous des (?:references|exemples)",
        r"\becouterons\b",
        r"^(?:oui|ok pour|bien sur|absolument)\b",
        r"\b(?:pouvez|pourriez|voulez|faites|proposez|avez|travaillez|intervenez|connaissez|peux|pourrais)[- ](?:vous|tu)\b(?! (?:me )?(?:retirer|supprimer|cesser|arreter|renvoyer|eu\b|obtenu|trouve))[^.!?\n]{0,80}\?",
        r"\b(?:on|nous) (?:peut|pourrait|pouvons|pourrions)\b[^.!?\n]{0,30}\b(?:s'appeler|se voir|se parler|se rencontrer|en discuter|voir|fixer|avancer)\b|\bquand (?:pouvez|pourriez|peut|pouvons|commence|etes|seriez)\b|\b(?:en savoir|savoir|apprendre) (?:un peu )?(?:plus|davantage)\b|\bpreneurs? d'|\bquel (?:budget|tarif|prix|cout|delai)\b|\bbanco\b|\benvoyez (?:le|la|les|moi|nous|votre|vos)\b|\benvoyez[- ](?:moi|nous)\b|\b(?:j'en suis|on y va|c'est parti|allons-y|marche conclu|ca marche|ca me va|tres bien pour)\b|\boui\b[^.!?\n]{0,30}\b(?:interess|volontiers|merci|avec|bien)",
        r"\b(?:hate|impatient\w*) (?:d'|de )\b|\bca m'intrigue\b|\bintrigue\w*\b|\bbonne idee\b|\bje suis (?:dispo|disponible|libre|joignable)\b|\bnous sommes (?:disponibles?|libres?|ouverts?)\b|\bpassez (?:nous|me) voir\b|\bprenons (?:rendez-vous|rdv|date)\b|\bmon (?:agenda|numero|portable)\b",
        r"\b(?:experience|references?|exemples?|tarifs?|prix|resultats?|offres?|formules?|delais?|conditions|clients?|proposez|concretement|etapes?)\b[^.!?\n]{0,60}\?",
        r"\btombe (?:a pic|bien)\b|\bbon moment\b|\b(?:entendu|parfait|ok pour|c'est bon pour|tres bien),?\b[^.!?\n]{0,10}\b(?:lundi|mardi|mercredi|jeudi|vendredi|demain|pour|\d)|\bmerci de (?:me|nous) (?:rappeler|recontacter|appeler|telephoner|contacter au)\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|demain|la semaine prochaine)\b[^.!?\n]{0,25}\?|\bau plaisir (?:de|d')\b|\bouverte?s? a\b|\bnous (?:refaisons|lancons|cherchons|envisageons|souhaitons (?:refaire|lancer|developper|ameliorer))\b|\bconvaincu\w* par\b|\bseduite?s?\b",
    ),
    refusal=(
        r"\bnon,? ?merci\b",
        r"\bmerci,? (?:mais )?non\b",
        r"^non\b[.! ]{0,3}$",
        (
            r"\b(?:pas|plus|nullement|aucunement|guere)\b[^.!?\n]{0,20}\b(?:interess\w+|"
            r"besoin|de budget|le budget|les moyens|preneur|donner suite|donner une suite|"
            r"concern\w+|pour nous|pour moi|a l'ordre du jour|correspond\w*|adapt\w*)"
            r"\b"
        ),
        r"\bpas de budget\b",
        r"\baucun(?:e)? (?:interet|besoin|budget|utilite)\b",
        r"\bsans (?:interet|suite)\b",
        r"\bni interesse\w*\b",
        r"\b(?:deja|actuellement)\b[^.!?\n]{0,40}\b(?:agence|prestataire|partenaire|fournisseur|equipe)\b",
        (
            r"\b(?:travaillons|collaborons|travaille)\b[^.!?\n]{0,20}\b(?:deja|avec)"
            r"\b[^.!?\n]{0,40}\b(?:agence|prestataire|partenaire|fournisseur)\b"
        ),
        r"\bsatisfaits? de\b",
        r"\btres satisfait",
        r"\ben interne\b|\bnous[- ]memes?\b",
        r"\bdeclin(?:er|e|ons)\b",
        r"\brefus(?:er|ons|e)\b",
        (
            r"\b(?:ne|n')\b[^.!?\n]{0,20}\b(?:donn\w+|souhait\w+|veux|voulons|pouvons|"
            r"envisage\w*|correspond\w*|cherch\w+|convient|desir\w+)\b[^.!?\n]{0,12}\b(?:pas|"
            r"plus)\b"
        ),
        r"\btrop (?:cher|chere|couteux|onereux)\b",
        r"\bhors budget\b",
        r"\btres peu pour\b",
        r"\bpas les moyens\b",
        r"\b(?:autre|un autre) (?:prestataire|agence|fournisseur|partenaire)\b",
        r"\bchoisi (?:un|une) autre\b",
        r"\bpas (?:pour le moment|maintenant|actuellement|cette annee)\b",
        r"\bn'en (?:avons|ai|a) pas besoin\b",
        r"\b(?:pas|plus)\b[^.!?\n]{0,16}\b(?:nos priorites|une priorite|prioritaire|l'utilite|utile|convaincu\w*|le moment|notre cible|d'actualite|question|necessaire)\b|\bavons ce qu'il (?:nous )?faut\b|\bpasse mon tour\b|\bpeu convaincu\w*\b|\bconfiee? a\b|\bautre agence\b|\bautres priorites\b|\bdonn\w+ (?:pas|aucune) suite\b|\bn'y (?:donn\w+|tenons|tiens)\b|\bsous contrat\b|\b(?:s'en occupe|s'en charge|gere deja|gerons deja)\b|\bbudget\b[^.!?\n]{0,20}\b(?:boucle|clos|epuise|consomme|gele)\b|\bsans moi\b|\bsans nous\b|\bc'est non\b|\bnon\b[^.!?\n]{0,12}\bmerci\b|\bne (?:voyons|vois) pas\b|\bpas d'interet\b|\bpas (?:chez|pour) nous\b",
        r"\b(?:pas|plus|aucun)\b[^.!?\n]{0,12}\b(?:les fonds|de fonds|les moyens|de moyens|d'argent|le temps|de temps|les ressources|fonds)\b|\bferm(?:ons|e|er|era)\b[^.!?\n]{0,15}\b(?:le|la|notre|nos)\b[^.!?\n]{0,30}|\bpref(?:ere|erons)\b[^.!?\n]{0,15}\b(?:ne pas|pas|m'abstenir|nous abstenir)\b|\bretraite\b|\bjamais\b[^.!?\n]{0,15}\b(?:plus|d'agence)\b|\bmauvaise experience\b|\bperdez votre temps\b|\bmauvaise adresse\b|\bpas du tout\b|\bs'en (?:charge|occupe) deja\b|\bdeja (?:quelqu'un|pourvu\w*|equipe\w*|accompagne\w*)\b|\bnon,",
    ),
    unsubscribe=(
        (
            r"^(?:merci de me |svp )?(?:desinscri\w+|desabonn\w+|stop|unsubscribe|supprim\w+|"
            r"retir\w+)(?: moi| svp| s'il vous plait| merci)?[.! ]{0,4}$"
        ),
        (
            r"\b(?:me|moi|nous|mon adresse|mon (?:e-?mail|mail|nom))\b[^.!?\n]{0,20}\b(?:desinscri\w+|"
            r"desabonn\w+|retir\w+|supprim\w+|enlev\w+|radi\w+|effac\w+)\b"
        ),
        (
            r"\b(?:desinscri\w+|desabonn\w+|retirez|supprimez|enlevez|radiez|effacez|"
            r"retirer|supprimer|enlever)[- ](?:moi|nous|mon|mes|toutes|l'ensemble|notre)"
            r"\b"
        ),
        (
            r"\b(?:cessez|arretez|stoppez|veuillez cesser|arreter)\b[^.!?\n]{0,30}\b(?:ecrire|"
            r"m'ecrire|envoyer|m'envoyer|contacter|harceler|mails?|messages?|demarch\w+|"
            r"spam\w*|envois?)\b"
        ),
        (
            r"\bne (?:plus|pas)\b[^.!?\n]{0,20}\b(?:me |nous )?(?:contacter|ecrire|recevoir|"
            r"envoyer|solliciter|demarcher)\b"
        ),
        r"\bne (?:m'|me |nous )?(?:ecrivez|contactez|envoyez|sollicitez) (?:plus|pas)\b",
        (
            r"\b(?:souhaite|veux|desire|souhaitons|voulons)\w* (?:plus|pas)\b[^.!?\n]{0,20}\b(?:recevoir|"
            r"etre (?:contact|sollicit|demarch)\w+)\b"
        ),
        (
            r"\b(?:supprim\w+|effac\w+|suppression|effacement)\b[^.!?\n]{0,40}\b(?:donnees|"
            r"adresse|coordonnees|fichiers?|informations)\b"
        ),
        r"\bdroit (?:a l'oubli|d'opposition|a l'effacement)\b",
        r"\bm'oppose\b",
        r"\bliste (?:de diffusion|d'envoi|de contacts|de mailing)\b",
        r"\b(?:fichez|foutez)[- ]moi la paix\b",
        r"\blaissez[- ]moi tranquille\b",
        r"\bc'est du spam\b",
        r"\bcnil\b",
        r"\bsignaler\b[^.!?\n]{0,20}\bspam\b",
        r"\b(?:m'|nous |me )(?:enlever|retirer|supprimer|desinscrire|desabonner|radier)\b|\b(?:plus|assez|marre) de (?:vos )?(?:mails?|e-?mails?|messages|courriels|pub\w*|spams?)\b|\bne plus\b[^.!?\n]{0,30}\b(?:adresser|envoyer|contacter|ecrire|solliciter|demarcher|importuner|relancer)\b|\b(?:arretez|cessez|stop)\b[^.!?\n]{0,20}\b(?:mails?|vos|envois?|relances?|spam)\b|\bpublicites? non (?:sollicitees?|desirees?)|\bnon sollicite\w*\b|\bde vos (?:listes?|fichiers?|bases?)\b",
        r"\b(?:d'|de )?arreter (?:les|vos|ces|de|d')\b[^.!?\n]{0,30}|\bjamais (?:donne|autorise|consenti|demande|accepte)\b[^.!?\n]{0,50}|\bsans (?:mon|notre) (?:accord|consentement|autorisation)\b|\bstop$|\bharcelement\b|\bplainte\b[^.!?\n]{0,20}\bcnil\b",
    ),
    undecided=(
        r"\b(?:pas moi qui|pas la bonne personne|pas le bon (?:contact|interlocuteur))\b",
        r"\bvoyez avec\b",
        r"\bcontactez (?:plutot )?(?:m\.|mme|madame|monsieur|mon|ma|le|la)\b",
        r"\badressez-vous a\b",
        (
            r"\b(?:revenez|recontactez|rappelez|relancez)\b[^.!?\n]{0,30}\b(?:en|a la|"
            r"apres|dans|plus tard|l'annee)\b"
        ),
        r"\b(?:reflechir|y penser|en discuter avec|que j'en parle|en parle a mon|demanderai)\b",
        r"\bqui etes[- ]vous\b",
        r"\bcomment avez[- ]vous (?:obtenu|eu)\b",
        r"\btransmis\b",
        r"\btransfere\b",
        r"\bde quoi s'agit\b|\b(?:vous repondra|s'en occupera|prendra contact)\b|\b(?:recontactez|revenez|reparlons|rappelez|relancez)\b[^.!?\n]{0,20}\b(?:apres|en|a|au|dans|l'annee)\b|\brenvoyer\b|\brenvoyez\b",
        r"\bpeut-etre (?:a|en|plus tard|l'annee)\b|\bje transmets\b|\bqui vous a (?:donne|transmis)\b",
    ),
    yes_in_spite_of_no=(
        r"\bpourquoi pas\b",
        r"\bpas (?:une )?(?:mauvaise|mal|ininteress\w+|opposee?|contre)\b",
        r"\bpas de (?:probleme|souci)\b",
        r"\brien contre\b",
        r"\baucun (?:probleme|souci)\b",
        r"\bsans (?:probleme|souci|hesiter|hesitation)\b",
        r"\bn'hesitez pas\b",
        r"\bpas seulement\b",
    ),
    negators=(r"pas", r"plus", r"jamais", r"aucun(?:e)?", r"sans", r"ni", r"nullement", r"guere", r"non"),
    but=("mais", "cependant", "toutefois", "neanmoins", "pourtant", "en revanche"),
    away=(
        (
            r"\b(?:absente?|en conges?|en vacances|en deplacement|en arret|en formation|"
            r"en reunion|en seminaire|hors du bureau|pas au bureau|pas disponible|indisponible|"
            r"injoignable)\b"
        ),
        r"\bconge (?:maternite|paternite|parental|maladie)\b",
        (
            r"\b(?:de retour|reviendrai|rentrerai|reviens|je serai de retour|serai joignable|"
            r"reprendrai|a mon retour|mon retour)\b"
        ),
        r"\bjours de repos\b",
        r"\bpendant mon absence\b",
        r"\ben mon absence\b",
        (
            r"\b(?:cabinet|bureau|clinique|societe|etude|magasin|agence|entreprise)\b[^.!?\n]{0,40}\b(?:ferme|"
            r"fermee|fermes)\b"
        ),
        r"\breouverture\b",
        r"\bacces (?:limite|restreint)\b",
        r"\bacces limite a ma messagerie\b",
        r"\bne (?:consulte|lis|lirai) pas\b",
        r"\bma remplacante?\b",
        r"\bmon remplacant\b",
        r"\b(?:pas|plus) (?:disponible|joignable|present)\w*\b|\bavant le \d|\bde repos\b|\bjour(?:s)? ferie|\bne serai pas\b[^.!?\n]{0,30}\bavant\b|\ben voyage\b|\bsera ferme\w*\b",
        r"\bsouffrante?\b|\bmalade\b|\bhospitalise\w*\b|\ba mon retour\b|\bau salon\b|\bduree indeterminee\b",
    ),
    past=(
        (
            r"\b(?:etais|etait|etions|ete|semaine derniere|derniere|excuser|excusez|"
            r"de retour de|je rentre de|revenue? de|desolee? (?:pour|de))\b"
        ),
    ),
    automatic=(
        r"\breponse automatique\b",
        r"\bmessage d'absence\b",
        r"\babsence\b",
        r"\babsente?\b",
        r"\bje ne suis pas la\b",
        r"\bmessage automatique\b",
        r"\ben conges?\b",
        r"\bhors (?:du )?bureau\b",
    ),
    gone=(
        r"\ba quitte (?:la |l'|notre |le )?(?:societe|entreprise|cabinet|groupe|etablissement|poste)\b",
        r"\bne (?:travaille|fait|fais) plus\b",
        r"\bn'est plus (?:en poste|dans|chez|salarie|employe)\w*",
        r"\ba pris sa retraite\b",
        r"\bplus parmi nous\b",
    ),
    received=(
        r"\b(?:bien recu|avons recu|ai recu) (?:votre|ta)\b",
        r"\baccuse de reception\b",
        (
            r"\b(?:votre (?:demande|message|mail))\b[^.!?\n]{0,30}\b(?:a bien ete|a ete|"
            r"est) (?:recue?|enregistree?|prise? en compte)"
        ),
        r"\bdans les (?:meilleurs|plus brefs) delais\b",
        r"\bne pas repondre a ce\b",
        r"\bmerci de nous avoir contact",
    ),
    back=(
        (
            r"\b(?:retour|reviendr\w+|rentr\w+|revien\w+|reouv\w+|reprend\w*|reprise|"
            r"a partir d[eu']|joignable|des le)\b"
        ),
    ),
    until=(r"\bjusqu'?(?:au|a|en)?\b", r"\bavant(?: le)?\b"),
    inclusive=(r"\b(?:inclus|incluse|compris)\b",),
    tomorrow=(r"\bdemain\b",),
    next_week=(r"\bla semaine prochaine\b|\bsemaine prochaine\b",),
    quote=(
        r"^le\b.{4,200}\ba ecrit\s*:?$",
        r"^-{2,}\s*(?:message (?:d'origine|original|transfere|transmis)|e-?mail d'origine)",
        r"^debut du message (?:reexpedie|transfere)",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> a ecrit\s?:$",
    ),
    from_header=("de", "envoye", "a", "objet", "date", "cc"),
    closing=(
        r"(?:tres |bien |meilleures? |sinceres? )*(?:cordialement|salutations|cordiales salutations)",
        r"cdlt",
        r"cdt",
        r"bien a (?:vous|toi)",
        r"amicalement",
        r"respectueusement",
        r"sincerement",
        r"bonne (?:journee|soiree|reception|continuation)",
        r"merci(?: d'avance| a vous| beaucoup)?",
        r"belle journee",
        r"veuillez agreer.{0,120}",
    ),
    device=(
        r"envoye (?:de(?:puis)?|avec|a partir de)\b",
        r"telecharg\w+ outlook|obten\w+ outlook",
        r"ce (?:message|courriel|mail)(?: et .{0,40})? (?:est|peut|contient)",
    ),
)
