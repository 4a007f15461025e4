"""French."""

from apps.cam.rules.languages.phrases import Language

FRENCH = Language(
    locale="fr",
    interest=(
        r"\b(?:m'|nous |t')interess(?:e|ent|erait|eraient)\b|\b(?:suis|sommes|serais|serions|etre) (?:tres |vraiment |fort |bien )?interess(?:e|ee|es|ees)\b|\binteress(?:ee|ees)\b|\bretenu (?:mon|notre) attention|\bnous (?:a plu|parle|plait)\b|\bme (?:plait|parle)\b",
        r"\bpourquoi pas\b|\bavec (?:grand )?plaisir\b|\bvolontiers\b|\bd'accord pour\b|\bpartant(?:e|s)?\b|\bca tombe bien\b|\bca m'irait\b|\bme conviendrait\b|\bme convient\b|\bcela (?:me|nous) convient",
        r"\b(?:envoyez|envoie|transmettez|faites|adressez|parvenir)\b[^.!?\n]{0,40}\b(?:informations?|infos?|details|devis|tarifs?|proposition|documentation|brochure|exemples|references|invitation)\b|\b(?:plus|davantage) d'(?:informations?|infos?|elements)\b|\bun devis\b",
        r"\bquels? (?:sont|serait|est|seraient)\b[^.!?\n]{0,40}\b(?:tarifs?|prix|couts?|conditions|suite|etapes?)\b|\bcombien\b[^.!?\n]{0,30}\b(?:coute|ca|cela|facture\w*|cout)|\bquelle est la suite\b|\bprochaine etape\b",
        r"\b(?:appelez|rappelez|appelle|rappelle|telephonez)[- ]?(?:moi|nous)\b|\bvous pouvez m'(?:appeler|joindre)",
        r"\b(?:seriez|etes|serais|seras|es)[- ](?:vous|tu)\b[^.!?\n]{0,20}\b(?:disponible|dispo|libre)|\b(?:quand|quel jour|quelles disponibilites)\b[^.!?\n]{0,30}\b(?:disponible|dispo|libre|pouvons|pourrions)",
        r"\b(?:discut(?:er|ons)|echang(?:er|eons)|(?:en )?parl(?:er|ons)(?:[- ]en)?|rencontr(?:er|ons)|se cale|caler|organis(?:er|ons)|fixer|fixons|prendre|convenir)\b[^.!?\n]{0,40}(?:\bavec vous\b|\bune? (?:rdv|rendez-vous|visio|appel|call|creneau|date|reunion)|\brdv\b|\brendez-vous\b|\ben parler\b|$)|\ben parler\b|\bparlons[- ]en\b",
        r"\b(?:proposez|proposer)[- ]?(?:moi|nous|un|une)?\b[^.!?\n]{0,30}\b(?:date|creneau|rdv|rendez-vous|horaire|jour)|\bune? (?:demo|demonstration|creneau)\b|\bcurieu(?:x|se)\b|\bravie? d'echanger|\b(?:cherche|cherchons|recherchons)\b[^.!?\n]{0,40}\b(?:quelqu'un|agence|prestataire|partenaire)|\b(?:etudions|comparons)\b[^.!?\n]{0,40}\bagences?\b|\bauriez-vous des (?:references|exemples)|\becouterons\b",
        r"^(?:oui|ok pour|bien sur|absolument)\b",
    ),
    refusal=(
        r"\bnon,? ?merci\b|\bmerci,? (?:mais )?non\b|^non\b[.! ]{0,3}$",
        r"\b(?:pas|plus|nullement|aucunement|guere)\b[^.!?\n]{0,20}\b(?:interess\w+|besoin|de budget|le budget|les moyens|preneur|donner suite|donner une suite|concern\w+|pour nous|pour moi|a l'ordre du jour|correspond\w*|adapt\w*)\b|\bpas de budget\b",
        r"\baucun(?:e)? (?:interet|besoin|budget|utilite)\b|\bsans (?:interet|suite)\b|\bni interesse\w*\b",
        r"\b(?:deja|actuellement)\b[^.!?\n]{0,40}\b(?:agence|prestataire|partenaire|fournisseur|equipe)\b|\b(?:travaillons|collaborons|travaille)\b[^.!?\n]{0,20}\b(?:deja|avec)\b[^.!?\n]{0,40}\b(?:agence|prestataire|partenaire|fournisseur)\b|\bsatisfaits? de\b|\btres satisfait",
        r"\ben interne\b|\bnous[- ]memes?\b",
        r"\bdeclin(?:er|e|ons)\b|\brefus(?:er|ons|e)\b|\b(?:ne|n')\b[^.!?\n]{0,20}\b(?:donn\w+|souhait\w+|veux|voulons|pouvons|envisage\w*|correspond\w*|cherch\w+|convient|desir\w+)\b[^.!?\n]{0,12}\b(?:pas|plus)\b",
        r"\btrop (?:cher|chere|couteux|onereux)\b|\bhors budget\b|\btres peu pour\b|\bpas les moyens\b",
        r"\b(?:autre|un autre) (?:prestataire|agence|fournisseur|partenaire)\b|\bchoisi (?:un|une) autre\b|\bpas (?:pour le moment|maintenant|actuellement|cette annee)\b|\bn'en (?:avons|ai|a) pas besoin\b",
    ),
    unsubscribe=(
        r"^(?:merci de me |svp )?(?:desinscri\w+|desabonn\w+|stop|unsubscribe|supprim\w+|retir\w+)(?: moi| svp| s'il vous plait| merci)?[.! ]{0,4}$",
        r"\b(?:me|moi|nous|mon adresse|mon (?:e-?mail|mail|nom))\b[^.!?\n]{0,20}\b(?:desinscri\w+|desabonn\w+|retir\w+|supprim\w+|enlev\w+|radi\w+|effac\w+)\b|\b(?:desinscri\w+|desabonn\w+|retirez|supprimez|enlevez|radiez|effacez|retirer|supprimer|enlever)[- ](?:moi|nous|mon|mes|toutes|l'ensemble|notre)\b",
        r"\b(?:cessez|arretez|stoppez|veuillez cesser|arreter)\b[^.!?\n]{0,30}\b(?:ecrire|m'ecrire|envoyer|m'envoyer|contacter|harceler|mails?|messages?|demarch\w+|spam\w*|envois?)\b",
        r"\bne (?:plus|pas)\b[^.!?\n]{0,20}\b(?:me |nous )?(?:contacter|ecrire|recevoir|envoyer|solliciter|demarcher)\b|\bne (?:m'|me |nous )?(?:ecrivez|contactez|envoyez|sollicitez) (?:plus|pas)\b|\b(?:souhaite|veux|desire|souhaitons|voulons)\w* (?:plus|pas)\b[^.!?\n]{0,20}\b(?:recevoir|etre (?:contact|sollicit|demarch)\w+)\b",
        r"\b(?:supprim\w+|effac\w+|suppression|effacement)\b[^.!?\n]{0,40}\b(?:donnees|adresse|coordonnees|fichiers?|informations)\b|\bdroit (?:a l'oubli|d'opposition|a l'effacement)\b|\bm'oppose\b",
        r"\bliste (?:de diffusion|d'envoi|de contacts|de mailing)\b|\b(?:fichez|foutez)[- ]moi la paix\b|\blaissez[- ]moi tranquille\b|\bc'est du spam\b|\bcnil\b|\bsignaler\b[^.!?\n]{0,20}\bspam\b",
    ),
    undecided=(
        r"\b(?:pas moi qui|pas la bonne personne|pas le bon (?:contact|interlocuteur))\b|\bvoyez avec\b|\bcontactez (?:plutot )?(?:m\.|mme|madame|monsieur|mon|ma|le|la)\b|\badressez-vous a\b",
        r"\b(?:revenez|recontactez|rappelez|relancez)\b[^.!?\n]{0,30}\b(?:en|a la|apres|dans|plus tard|l'annee)\b",
        r"\b(?:reflechir|y penser|en discuter avec|que j'en parle|en parle a mon|demanderai)\b|\bqui etes[- ]vous\b|\bcomment avez[- ]vous (?:obtenu|eu)\b|\btransmis\b|\btransfere\b",
    ),
    yes_in_spite_of_no=(
        r"\bpourquoi pas\b|\bpas (?:une )?(?:mauvaise|mal|ininteress\w+|opposee?|contre)\b|\bpas de (?:probleme|souci)\b|\brien contre\b|\baucun (?:probleme|souci)\b|\bsans (?:probleme|souci|hesiter|hesitation)\b|\bn'hesitez pas\b|\bpas seulement\b",
    ),
    negators=(r"pas", r"plus", r"jamais", r"aucun(?:e)?", r"sans", r"ni", r"nullement", r"guere", r"non"),
    but=("mais", "cependant", "toutefois", "malheureusement", "neanmoins", "pourtant", "en revanche"),
    away=(
        r"\b(?:absente?|en conges?|en vacances|en deplacement|en arret|en formation|en reunion|en seminaire|hors du bureau|pas au bureau|pas disponible|indisponible|injoignable)\b|\bconge (?:maternite|paternite|parental|maladie)\b",
        r"\b(?:de retour|reviendrai|rentrerai|reviens|je serai de retour|serai joignable|reprendrai|a mon retour|mon retour)\b|\bjours de repos\b|\bpendant mon absence\b|\ben mon absence\b",
        r"\b(?:cabinet|bureau|clinique|societe|etude|magasin|agence|entreprise)\b[^.!?\n]{0,40}\b(?:ferme|fermee|fermes)\b|\breouverture\b|\bacces (?:limite|restreint)\b|\bacces limite a ma messagerie\b|\bne (?:consulte|lis|lirai) pas\b|\bma remplacante?\b|\bmon remplacant\b",
    ),
    past=(
        r"\b(?:etais|etait|etions|ete|semaine derniere|derniere|excuser|excusez|de retour de|je rentre de|revenue? de|desolee? (?:pour|de))\b",
    ),
    automatic=(
        r"\breponse automatique\b|\bmessage d'absence\b|\babsence\b|\babsente?\b|\bje ne suis pas la\b|\bmessage automatique\b|\ben conges?\b|\bhors (?:du )?bureau\b",
    ),
    gone=(
        r"\ba quitte (?:la |l'|notre |le )?(?:societe|entreprise|cabinet|groupe|etablissement|poste)\b|\bne (?:travaille|fait|fais) plus\b|\bn'est plus (?:en poste|dans|chez|salarie|employe)\w*|\ba pris sa retraite\b|\bplus parmi nous\b",
    ),
    received=(
        r"\b(?:bien recu|avons recu|ai recu) (?:votre|ta)\b|\baccuse de reception\b|\b(?:votre (?:demande|message|mail))\b[^.!?\n]{0,30}\b(?:a bien ete|a ete|est) (?:recue?|enregistree?|prise? en compte)|\bdans les (?:meilleurs|plus brefs) delais\b|\bne pas repondre a ce\b|\bmerci de nous avoir contact",
    ),
    back=(
        r"\b(?:retour|reviendr\w+|rentr\w+|revien\w+|reouv\w+|reprend\w*|reprise|a partir d[eu']|joignable|des le)\b",
    ),
    until=(r"\bjusqu'?(?:au|a|en)?\b",),
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
        r"(?:tres |bien |meilleures? |sinceres? )*(?:cordialement|salutations|cordiales salutations)|cdlt|cdt|bien a (?:vous|toi)|amicalement|respectueusement|sincerement|bonne (?:journee|soiree|reception|continuation)|merci(?: d'avance| a vous| beaucoup)?|belle journee|veuillez agreer.{0,120}",
    ),
    device=(
        r"envoye (?:de(?:puis)?|avec|a partir de)\b",
        r"telecharg\w+ outlook|obten\w+ outlook",
        r"ce (?:message|courriel|mail)(?: et .{0,40})? (?:est|peut|contient)",
    ),
)
