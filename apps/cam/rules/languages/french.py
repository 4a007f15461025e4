"""French."""

from apps.cam.rules.languages.phrases import Language

FRENCH = Language(
    locale="fr",
    interest=(
        r"\b(?:m'|nous |t')interess(?:e|ent|erait|eraient)\b",
        r"\b(?:suis|sommes|serais|serions|etre) (?:tres |vraiment |fort |bien )?interess(?:e|ee|es|ees)\b",
        r"\binteress(?:ee|ees)\b|\bretenu (?:mon|notre) attention|\bnous (?:a plu|parle|plait)\b",
        r"\bme (?:plait|parle)\b|\bpourquoi pas\b|\bavec (?:grand )?plaisir\b|\bvolontiers\b|\bd'accord pour\b",
        r"\bpartant(?:e|s)?\b|\bca tombe bien\b|\bca m'irait\b|\bme conviendrait\b|\bme convient\b",
        r"\bcela (?:me|nous) convient",
        (
            r"\b(?:envoyez|envoie|transmettez|faites|adressez|parvenir)\b[^.!?\n]{0,40}\b(?:informations?|infos?|"
            r"details|devis|tarifs?|proposition|documentation|brochure|exemples|references|invitation)\b"
        ),
        r"\b(?:plus|davantage) d'(?:informations?|infos?|elements)\b|\bun devis\b",
        r"\bquels? (?:sont|serait|est|seraient)\b[^.!?\n]{0,40}\b(?:tarifs?|prix|couts?|conditions|suite|etapes?)\b",
        r"\bcombien\b[^.!?\n]{0,30}\b(?:coute|ca|cela|facture\w*|cout)|\bquelle est la suite\b|\bprochaine etape\b",
        r"\b(?:appelez|rappelez|appelle|rappelle|telephonez)[- ]?(?:moi|nous)\b|\bvous pouvez m'(?:appeler|joindre)",
        r"\b(?:seriez|etes|serais|seras|es)[- ](?:vous|tu)\b[^.!?\n]{0,20}\b(?:disponible|dispo|libre)",
        r"\b(?:quand|quel jour|quelles disponibilites)\b[^.!?\n]{0,30}\b(?:disponible|dispo|libre|pouvons|pourrions)",
        (
            r"\b(?:discut(?:er|ons)|echang(?:er|eons)|(?:en )?parl(?:er|ons)(?:[- ]en)?|rencontr(?:er|ons)|se cale|"
            r"caler|organis(?:er|ons)|fixer|fixons|prendre|convenir)\b[^.!?\n]{0,40}(?:\bavec vous\b|\bune? (?:rdv|"
            r"rendez-vous|visio|appel|call|creneau|date|reunion)|\brdv\b|\brendez-vous\b|\ben parler\b|$)"
        ),
        r"\ben parler\b|\bparlons[- ]en\b",
        (
            r"\b(?:proposez|proposer)[- ]?(?:moi|nous|un|une)?\b[^.!?\n]{0,30}\b(?:date|creneau|rdv|rendez-vous|"
            r"horaire|jour)"
        ),
        r"\bune? (?:demo|demonstration|creneau)\b|\bcurieu(?:x|se)\b|\bravie? d'echanger",
        r"\b(?:cherche|cherchons|recherchons)\b[^.!?\n]{0,40}\b(?:quelqu'un|agence|prestataire|partenaire)",
        r"\b(?:etudions|comparons)\b[^.!?\n]{0,40}\bagences?\b|\bauriez-vous des (?:references|exemples)",
        r"\becouterons\b|^(?:oui|ok pour|bien sur|absolument)\b",
        (
            r"\b(?:pouvez|pourriez|voulez|faites|proposez|avez|travaillez|intervenez|connaissez|peux|pourrais)"
            r"[- ](?:vous|tu)\b(?! (?:me )?(?:retirer|supprimer|cesser|arreter|renvoyer|eu\b|obtenu|trouve))"
            r"[^.!?\n]{0,80}\?"
        ),
        (
            r"\b(?:on|nous) (?:peut|pourrait|pouvons|pourrions)\b[^.!?\n]{0,30}\b(?:s'appeler|se voir|se parler|"
            r"se rencontrer|en discuter|voir|fixer|avancer)\b"
        ),
        r"\bquand (?:pouvez|pourriez|peut|pouvons|commence|etes|seriez)\b",
        r"\b(?:en savoir|savoir|apprendre) (?:un peu )?(?:plus|davantage)\b|\bpreneurs? d'",
        r"\bquel (?:budget|tarif|prix|cout|delai)\b|\bbanco\b|\benvoyez (?:le|la|les|moi|nous|votre|vos)\b",
        r"\benvoyez[- ](?:moi|nous)\b",
        r"\b(?:j'en suis|on y va|c'est parti|allons-y|marche conclu|ca marche|ca me va|tres bien pour)\b",
        r"\boui\b[^.!?\n]{0,30}\b(?:interess|volontiers|merci|avec|bien)|\b(?:hate|impatient\w*) (?:d'|de )\b",
        r"\bca m'intrigue\b|\bintrigue\w*\b|\bbonne idee\b|\bje suis (?:dispo|disponible|libre|joignable)\b",
        r"\bnous sommes (?:disponibles?|libres?|ouverts?)\b|\bpassez (?:nous|me) voir\b",
        r"\bprenons (?:rendez-vous|rdv|date)\b|\bmon (?:agenda|numero|portable)\b",
        (
            r"\b(?:experience|references?|exemples?|tarifs?|prix|resultats?|offres?|formules?|delais?|conditions|"
            r"clients?|proposez|concretement|etapes?)\b[^.!?\n]{0,60}\?"
        ),
        r"\btombe (?:a pic|bien)\b|\bbon moment\b",
        (
            r"\b(?:entendu|parfait|ok pour|c'est bon pour|tres bien),?\b[^.!?\n]{0,10}\b(?:lundi|mardi|mercredi|"
            r"jeudi|vendredi|demain|pour|\d)"
        ),
        r"\bmerci de (?:me|nous) (?:rappeler|recontacter|appeler|telephoner|contacter au)\b",
        r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|demain|la semaine prochaine)\b[^.!?\n]{0,25}\?",
        r"\bau plaisir (?:de|d')\b|\bouverte?s? a\b",
        r"\bnous (?:refaisons|lancons|cherchons|envisageons|souhaitons (?:refaire|lancer|developper|ameliorer))\b",
        r"\bconvaincu\w* par\b|\bseduite?s?\b",
        r"\b(?:avez|as)[- ](?:vous|tu) (?:deja |jamais )?(?:travaille|fait|realise|accompagne|eu l'occasion)\b",
    ),
    refusal=(
        r"\bnon,? ?merci\b|\bmerci,? (?:mais )?non\b|^non\b[.! ]{0,3}$",
        (
            r"\b(?:pas|plus|nullement|aucunement|guere)\b[^.!?\n]{0,20}\b(?:interess\w+|besoin|de budget|le budget|"
            r"les moyens|preneur|donner suite|donner une suite|concern\w+|pour nous|pour moi|a l'ordre du jour|"
            r"correspond\w*|adapt\w*)\b"
        ),
        r"\bpas de budget\b|\baucun(?:e)? (?:interet|besoin|budget|utilite)\b|\bsans (?:interet|suite)\b",
        r"\bni interesse\w*\b",
        r"\b(?:deja|actuellement)\b[^.!?\n]{0,40}\b(?:agence|prestataire|partenaire|fournisseur|equipe)\b",
        (
            r"\b(?:travaillons|collaborons|travaille)\b[^.!?\n]{0,20}\b(?:deja|avec)\b[^.!?\n]{0,40}\b(?:agence|"
            r"prestataire|partenaire|fournisseur)\b"
        ),
        r"\bsatisfaits? de\b|\btres satisfait|\ben interne\b|\bnous[- ]memes?\b|\bdeclin(?:er|e|ons)\b",
        r"\brefus(?:er|ons|e)\b",
        (
            r"\b(?:ne|n')\b[^.!?\n]{0,20}\b(?:donn\w+|souhait\w+|veux|voulons|pouvons|envisage\w*|correspond\w*|"
            r"cherch\w+|convient|desir\w+)\b[^.!?\n]{0,12}\b(?:pas|plus)\b"
        ),
        r"\btrop (?:cher|chere|couteux|onereux)\b|\bhors budget\b|\btres peu pour\b|\bpas les moyens\b",
        r"\b(?:autre|un autre) (?:prestataire|agence|fournisseur|partenaire)\b|\bchoisi (?:un|une) autre\b",
        r"\bpas (?:pour le moment|maintenant|actuellement|cette annee)\b|\bn'en (?:avons|ai|a) pas besoin\b",
        (
            r"\b(?:pas|plus)\b[^.!?\n]{0,16}\b(?:nos priorites|une priorite|prioritaire|l'utilite|utile|"
            r"convaincu\w*|le moment|notre cible|d'actualite|question|necessaire)\b"
        ),
        r"\bavons ce qu'il (?:nous )?faut\b|\bpasse mon tour\b|\bpeu convaincu\w*\b|\bconfiee? a\b|\bautre agence\b",
        r"\bautres priorites\b|\bdonn\w+ (?:pas|aucune) suite\b|\bn'y (?:donn\w+|tenons|tiens)\b|\bsous contrat\b",
        r"\b(?:s'en occupe|s'en charge|gere deja|gerons deja)\b",
        r"\bbudget\b[^.!?\n]{0,20}\b(?:boucle|clos|epuise|consomme|gele)\b|\bsans moi\b|\bsans nous\b|\bc'est non\b",
        r"\bnon\b[^.!?\n]{0,12}\bmerci\b|\bne (?:voyons|vois) pas\b|\bpas d'interet\b|\bpas (?:chez|pour) nous\b",
        (
            r"\b(?:pas|plus|aucun)\b[^.!?\n]{0,12}\b(?:les fonds|de fonds|les moyens|de moyens|d'argent|le temps|"
            r"de temps|les ressources|fonds)\b"
        ),
        r"\bferm(?:ons|e|er|era)\b[^.!?\n]{0,15}\b(?:le|la|notre|nos)\b[^.!?\n]{0,30}",
        r"\bpref(?:ere|erons)\b[^.!?\n]{0,15}\b(?:ne pas|pas|m'abstenir|nous abstenir)\b|\bretraite\b",
        r"\bjamais\b[^.!?\n]{0,15}\b(?:plus|d'agence)\b|\bmauvaise experience\b|\bperdez votre temps\b",
        r"\bmauvaise adresse\b|\bpas du tout\b|\bs'en (?:charge|occupe) deja\b",
        r"\bdeja (?:quelqu'un|pourvu\w*|equipe\w*|accompagne\w*)\b|\bnon,",
        r"\bpas\b[^.!?\n]{0,16}\b(?:recherch\w+|cherch\w+)\b",
    ),
    unsubscribe=(
        (
            r"^(?:merci de me |svp )?(?:desinscri\w+|desabonn\w+|stop|unsubscribe|supprim\w+|retir\w+)(?: moi| svp|"
            r" s'il vous plait| merci)?[.! ]{0,4}$"
        ),
        (
            r"\b(?:me|moi|nous|mon adresse|mon (?:e-?mail|mail|nom))\b[^.!?\n]{0,20}\b(?:desinscri\w+|desabonn\w+|"
            r"retir\w+|supprim\w+|enlev\w+|radi\w+|effac\w+)\b"
        ),
        (
            r"\b(?:desinscri\w+|desabonn\w+|retirez|supprimez|enlevez|radiez|effacez|retirer|supprimer|enlever)"
            r"[- ](?:moi|nous|mon|mes|toutes|l'ensemble|notre)\b"
        ),
        (
            r"\b(?:cessez|arretez|stoppez|veuillez cesser|arreter)\b[^.!?\n]{0,30}\b(?:ecrire|m'ecrire|envoyer|"
            r"m'envoyer|contacter|harceler|mails?|messages?|demarch\w+|spam\w*|envois?)\b"
        ),
        (
            r"\bne (?:plus|pas)\b[^.!?\n]{0,20}\b(?:me |nous )?(?:contacter|ecrire|recevoir|envoyer|solliciter|"
            r"demarcher)\b"
        ),
        r"\bne (?:m'|me |nous )?(?:ecrivez|contactez|envoyez|sollicitez) (?:plus|pas)\b",
        (
            r"\b(?:souhaite|veux|desire|souhaitons|voulons)\w* (?:plus|pas)\b[^.!?\n]{0,20}\b(?:recevoir|"
            r"etre (?:contact|sollicit|demarch)\w+)\b"
        ),
        (
            r"\b(?:supprim\w+|effac\w+|suppression|effacement)\b[^.!?\n]{0,40}\b(?:donnees|adresse|coordonnees|"
            r"fichiers?|informations)\b"
        ),
        r"\bdroit (?:a l'oubli|d'opposition|a l'effacement)\b|\bm'oppose\b",
        r"\bliste (?:de diffusion|d'envoi|de contacts|de mailing)\b|\b(?:fichez|foutez)[- ]moi la paix\b",
        r"\blaissez[- ]moi tranquille\b|\bc'est du spam\b|\bcnil\b|\bsignaler\b[^.!?\n]{0,20}\bspam\b",
        r"\b(?:m'|nous |me )(?:enlever|retirer|supprimer|desinscrire|desabonner|radier)\b",
        r"\b(?:plus|assez|marre) de (?:vos )?(?:mails?|e-?mails?|messages|courriels|pub\w*|spams?)\b",
        (
            r"\bne plus\b[^.!?\n]{0,30}\b(?:adresser|envoyer|contacter|ecrire|solliciter|demarcher|importuner|"
            r"relancer)\b"
        ),
        r"\b(?:arretez|cessez|stop)\b[^.!?\n]{0,20}\b(?:mails?|vos|envois?|relances?|spam)\b",
        r"\bpublicites? non (?:sollicitees?|desirees?)|\bnon sollicite\w*\b|\bde vos (?:listes?|fichiers?|bases?)\b",
        r"\b(?:d'|de )?arreter (?:les|vos|ces|de|d')\b[^.!?\n]{0,30}",
        r"\bjamais (?:donne|autorise|consenti|demande|accepte)\b[^.!?\n]{0,50}",
        r"\bsans (?:mon|notre) (?:accord|consentement|autorisation)\b|(?:^|, )stop[.!]*$|\bharcelement\b",
        r"\bplainte\b[^.!?\n]{0,20}\bcnil\b",
    ),
    undecided=(
        r"\b(?:pas moi qui|pas la bonne personne|pas le bon (?:contact|interlocuteur))\b|\bvoyez avec\b",
        r"\bcontactez (?:plutot )?(?:m\.|mme|madame|monsieur|mon|ma|le|la)\b|\badressez-vous a\b",
        r"\b(?:revenez|recontactez|rappelez|relancez)\b[^.!?\n]{0,30}\b(?:en|a la|apres|dans|plus tard|l'annee)\b",
        r"\b(?:reflechir|y penser|en discuter avec|que j'en parle|en parle a mon|demanderai)\b|\bqui etes[- ]vous\b",
        r"\bcomment avez[- ]vous (?:obtenu|eu)\b|\btransmis\b|\btransfere\b|\bde quoi s'agit\b",
        r"\b(?:vous repondra|s'en occupera|prendra contact)\b",
        r"\b(?:recontactez|revenez|reparlons|rappelez|relancez)\b[^.!?\n]{0,20}\b(?:apres|en|a|au|dans|l'annee)\b",
        r"\brenvoyer\b|\brenvoyez\b|\bpeut-etre (?:a|en|plus tard|l'annee)\b|\bje transmets\b",
        r"\bqui vous a (?:donne|transmis)\b",
        r"\b(?:discuter|parler|voir) (?:avec|de cela avec) (?:mes|mon|ma|nos|notre)\b|\ben discuter avec\b",
    ),
    yes_in_spite_of_no=(
        r"\bpourquoi pas\b|\bpas (?:une )?(?:mauvaise|mal|ininteress\w+|opposee?|contre)\b",
        r"\bpas de (?:probleme|souci)\b|\brien contre\b|\baucun (?:probleme|souci)\b",
        r"\bsans (?:probleme|souci|hesiter|hesitation)\b|\bn'hesitez pas\b|\bpas seulement\b",
    ),
    negators=(
        "pas",
        "plus",
        "jamais",
        "aucun(?:e)?",
        "sans",
        "ni",
        "nullement",
        "guere",
        "non",
    ),
    but=(
        "mais",
        "cependant",
        "toutefois",
        "neanmoins",
        "pourtant",
        "en revanche",
    ),
    away=(
        (
            r"\b(?:(?:suis|serai|sera|sommes|est|actuellement|toujours) (?:\w+ )?absente?s?|"
            r"absente?s? (?:du|jusqu|cette|pour|aujourd|le|la|au|et|ce)|en conges?|"
            r"en vacances|en deplacement|en arret|en formation|en reunion|en seminaire|"
            r"hors du bureau|pas au bureau|pas disponible|indisponible|injoignable)\b"
        ),
        r"\bconge (?:maternite|paternite|parental|maladie)\b",
        (
            r"\b(?:de retour|reviendrai|rentrerai|reviens|je serai de retour|serai joignable|reprendrai|"
            r"a mon retour|mon retour)\b"
        ),
        r"\bjours de repos\b|\bpendant mon absence\b|\ben mon absence\b",
        (
            r"\b(?:cabinet|bureau|clinique|societe|etude|magasin|agence|entreprise)\b[^.!?\n]{0,40}\b(?:ferme|"
            r"fermee|fermes)\b"
        ),
        r"\breouverture\b|\bacces (?:limite|restreint)\b|\bacces limite a ma messagerie\b",
        r"\bne (?:consulte|lis|lirai) pas\b|\bma remplacante?\b|\bmon remplacant\b",
        r"\b(?:pas|plus) (?:disponible|joignable|present)\w*\b|\bavant le \d|\bde repos\b|\bjour(?:s)? ferie",
        r"\bne serai pas\b[^.!?\n]{0,30}\bavant\b|\ben voyage\b|\bsera ferme\w*\b|\bsouffrante?\b|\bmalade\b",
        r"\bhospitalise\w*\b|\ba mon retour\b|\bau salon\b|\bduree indeterminee\b",
    ),
    past=(
        (
            r"\b(?:etais|etait|etions|ete|semaine derniere|derniere|excuser|excusez|de retour de|je rentre de|"
            r"revenue? de|desolee? (?:pour|de))\b"
        ),
    ),
    automatic=(
        r"\breponse automatique\b|\bmessage d'absence\b|\babsence\b|\babsente?\b|\bje ne suis pas la\b",
        r"\bmessage automatique\b|\ben conges?\b|\bhors (?:du )?bureau\b",
    ),
    gone=(
        r"\ba quitte (?:la |l'|notre |le )?(?:societe|entreprise|cabinet|groupe|etablissement|poste)\b",
        r"\bne (?:travaille|fait|fais) plus\b|\bn'est plus (?:en poste|dans|chez|salarie|employe)\w*",
        r"\ba pris sa retraite\b|\bplus parmi nous\b",
    ),
    received=(
        r"\b(?:bien recu|avons recu|ai recu) (?:votre|ta)\b|\baccuse de reception\b",
        (
            r"\b(?:votre (?:demande|message|mail))\b[^.!?\n]{0,30}\b(?:a bien ete|a ete|est) (?:recue?|enregistree?|"
            r"prise? en compte)"
        ),
        r"\bdans les (?:meilleurs|plus brefs) delais\b|\bne pas repondre a ce\b|\bmerci de nous avoir contact",
    ),
    back=(
        r"\b(?:retour|reviendr\w+|rentr\w+|revien\w+|reouv\w+|reprend\w*|reprise|a partir d[eu']|joignable|des le)\b",
    ),
    until=(r"\bjusqu'?(?:au|a|en)?\b|\bavant(?: le)?\b",),
    inclusive=(r"\b(?:inclus|incluse|compris)\b",),
    tomorrow=(r"\bdemain\b",),
    next_week=(r"\bla semaine prochaine\b|\bsemaine prochaine\b",),
    quote=(
        r"^le\b.{4,200}\ba ecrit\s*:?$",
        r"^-{2,}\s*(?:message (?:d'origine|original|transfere|transmis)|e-?mail d'origine)",
        r"^debut du message (?:reexpedie|transfere)|^.{0,80}<[^<>\s]+@[^<>\s]+> a ecrit\s?:$",
    ),
    from_header=(
        "de",
        "envoye",
        "a",
        "objet",
        "date",
        "cc",
    ),
    closing=(
        r"(?:tres |bien |meilleures? |sinceres? )*(?:cordialement|salutations|cordiales salutations)|cdlt|cdt",
        r"bien a (?:vous|toi)|amicalement|respectueusement|sincerement",
        r"bonne (?:journee|soiree|reception|continuation)|merci(?: d'avance| a vous| beaucoup)?|belle journee",
        r"veuillez agreer.{0,120}",
    ),
    device=(
        r"envoye (?:de(?:puis)?|avec|a partir de)\b|telecharg\w+ outlook|obten\w+ outlook",
        r"ce (?:message|courriel|mail)(?: et .{0,40})? (?:est|peut|contient)",
    ),
)
