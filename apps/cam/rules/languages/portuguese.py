"""Portuguese, of Portugal and Brazil."""

from apps.cam.rules.languages.phrases import Language

PORTUGUESE = Language(
    locale="pt",
    interest=(
        r"\b(?:tenho|temos|teria|teriamos|ha) (?:sim |muito |algum )?interesse\b",
        r"\b(?:me|nos) interess(?:a|am|aria|ou)\b|\binteressa-(?:me|nos)\b|\binteressad[oa]s?\b|\bgostei\b",
        r"\bparece[- ](?:me|nos)? ?(?:bem|bom|otimo|interessante)\b|\bfiquei curios[oa]\b|\bcurios[oa]\b",
        r"\bsoa (?:bem|bom)\b",
        (
            r"\b(?:podemos|poderiamos|pode|podes|podem|vamos|bora)\b[^.!?\n]{0,30}\b(?:conversar|falar|ligar|marcar|"
            r"agendar|reunir|mandar|enviar|combinar)\b"
        ),
        r"\bvamos marcar\b|\bbora\b|\bconversemos\b",
        (
            r"\b(?:manda|mande|envia|envie|mandem|enviem|mandar|enviar|solicitamos o envio)"
            r"\b[^.!?\n]{0,40}\b(?:info\w*|detalhes|orcamento|proposta|precos?|valores|exemplos|material|link|"
            r"convite|mais)\b(?! (?:e-?mails|mensagens))"
        ),
        r"\bmais (?:informacoes|informacao|detalhes)\b|\bum orcamento\b(?! nao)|\bconta mais\b|\bconte-me mais\b",
        (
            r"\b(?:quanto (?:custa|fica|sai|e|seria)|qual (?:e|seria|o) (?:o )?(?:preco|valor|custo|proximo passo)|"
            r"que precos?)\b"
        ),
        r"\bproximos? passos?\b|\b(?:me liga|me ligue|ligue-me|liga-me|liguem-me|pode (?:me )?ligar)\b",
        r"\b(?:uma )?(?:demo|demonstracao)\b|\bquando (?:voce|pode|podes|podemos|teria)\b",
        r"\bsugir\w+\b[^.!?\n]{0,20}\b(?:data|dia|hora)\b",
        r"\breuniao\b(?=[^.!?\n]{0,30}(?:\?|segunda|terca|quarta|quinta|sexta|semana|amanha))|\blink da call\b",
        r"\besta otimo para mim\b",
        (
            r"\b(?:claro que sim|com certeza|com (?:todo o )?prazer|combinado|perfeito|por que nao|porque nao|"
            r"com gosto|fechado)\b"
        ),
        r"\b(?:procura|procurando|procuramos)\b[^.!?\n]{0,30}\b(?:alguem|agencia|parceiro|fornecedor|quem)\b",
        r"\bavaliar (?:varias )?agencias\b|\b(?:tem|voces tem|teriam) (?:exemplos|referencias|casos)\b",
        r"\bgostari(?:a|amos)\b[^.!?\n]{0,30}\b(?:ver|saber|conhecer|conversar|falar|marcar)\b|^(?:sim|ok,? vamos)\b",
        (
            r"\b(?:tem|tens|teem|voces fazem|voce faz|fazem|trabalham|trabalha|oferecem|oferece|pode|podem|podes|"
            r"poderia|poderiam|conseguem|consegue)\b(?! (?:deixar|remover|retirar|apagar|parar|reenviar))"
            r"[^.!?\n]{0,70}\?"
        ),
        (
            r"\b(?:quero|queremos|queria|gostava|gostaria|gostariamos|preciso|precisamos)\b(?! (?:receber|"
            r"que (?:me )?(?:deix|remov|retir|apag)|de (?:receber mais|ser removid)|nao))[^.!?\n]{0,30}\b(?:saber|"
            r"ver|conhecer|mais|falar|experimentar|contratar|comecar|uma|um|ajuda)\b"
        ),
        r"\btopo\b|\btopamos\b|\bquando (?:comecamos|podemos|pode|poderiamos|voce)\b",
        r"\bseria (?:otimo|bom|bem|optimo|interessante|excelente)\b|\bfechad[oa]\b[.!]|\bpode ser\b|\bboa ideia\b",
        r"\bme parece (?:bem|bom|otimo|interessante)\b|\b(?:otimo|optimo|excelente),",
        (
            r"\b(?:envi\w+|mand\w+|pass\w+)\b[^.!?\n]{0,12}\b(?:os |o |a |as |a sua |o seu )?(?:detalhes|contrato|"
            r"proposta|orcamento|precos|valores|informacao|informacoes|apresentacao|agenda)\b"
        ),
        r"\bhorario (?:na|no|para|em)\b|\bfalamos (?:na|amanha|no|esta)\b",
        r"\bestou (?:livre|disponivel) (?:na|no|amanha|para|a)\b|\bmeu (?:numero|celular|telefone|telemovel)\b",
        (
            r"\b(?:experiencia|referencias?|exemplos?|precos?|valores|resultados?|pacotes?|prazos?|condicoes|"
            r"clientes?|oferec\w+|em concreto|passos?)\b[^.!?\n]{0,60}\?"
        ),
        r"\b(?:em )?boa hora\b|\bbom momento\b|\bretorn\w+ a ligacao\b",
        r"\b(?:segunda|terca|quarta|quinta|sexta|semana que vem|proxima semana)\b[^.!?\n]{0,25}\?",
        r"\bcuriosidade (?:em|de|por)\b",
        r"\bestamos (?:a )?(?:renovar|renovando|lancar|lancando|pensar em|pensando em|a avaliar|avaliando|abertos)\b",
        r"\babert[oa]s? a\b|\bimpressionad\w+\b|\bpor favor,? (?:lig\w+|contact\w+ (?:para o|pelo))\b|\bde acordo,",
        r"\b(?:ja )?(?:trabalharam|fizeram|tiveram|trabalhou|fez)\b[^.!?\n]{0,50}\?",
    ),
    refusal=(
        r"\bnao,? ?(?:muito )?obrigad[oa]\b|\bobrigad[oa],? (?:mas )?nao\b|^nao\b[.! ]{0,3}$|\bpasso\b,",
        (
            r"\bnao\b[^.!?\n]{0,25}\b(?:interess\w+|interesse|precis\w+|enquadra|temos (?:verba|orcamento)|"
            r"tenho (?:verba|orcamento)|ha (?:verba|orcamento)|necessit\w+|faz sentido|queremos|quero|buscamos|"
            r"procuramos|pretendemos)\b"
        ),
        r"\bsem (?:interesse|verba|orcamento)\b|\bnenhum interesse\b",
        (
            r"\b(?:ja|atualmente)\b[^.!?\n]{0,30}\b(?:trabalhamos|temos|contamos|trabalho)"
            r"\b[^.!?\n]{0,30}\b(?:agencia|fornecedor|parceiro|equipe|equipa|empresa)\b"
        ),
        r"\b(?:muito )?satisfeitos\b|\binternamente\b|\bnos mesmos\b|\bdentro de casa\b|\brecus\w+\b|\bdeclin\w+\b",
        r"\bdizer que nao\b|\bnao vamos\b|\bnao (?:seguir|avancar|prosseguir)\b|\bdescart\w+\b",
        r"\b(?:muito|demasiado) (?:caro|cara|dispendioso)\b|\bfora do (?:nosso )?orcamento\b",
        r"\bnao (?:cabe|podemos pagar)\b|\boutr[oa] (?:fornecedor|agencia|empresa|parceiro|opcao)\b",
        r"\bnao e (?:para nos|o momento|o que)\b|\b(?:por agora|por enquanto|de momento|no momento) nao\b",
        r"\bboa sorte\b",
        (
            r"\bnao\b[^.!?\n]{0,20}\b(?:prioridade|prioritario|achamos|acho|vemos|vejo|a procura|procura|para nos|"
            r"para mim|convenc\w+|faz falta|se aplica|compensa|vale a pena|estamos a|estamos interess\w+|entra)\b"
        ),
        r"\bja (?:temos|tenho|ha) (?:quem|alguem|isso|tudo|uma pessoa)\b|\bfica para (?:a proxima|outra)\b",
        r"\bem outra ocasiao\b|\bnoutra altura\b|\bcontinuamos com\b|\bficamos com\b|\boutras prioridades\b",
        r"\borcamento\b[^.!?\n]{0,25}\b(?:fechado|esgotado|comprometido|gasto|congelado)\b",
        r"\bnos (?:mesmos )?(?:fazemos|tratamos)\b|\bcontrato (?:com outr\w|assinado|em vigor)\b|\bacho que nao\b",
        r"\bnao da\b",
        (
            r"\bnao\b[^.!?\n]{0,15}\b(?:dispomos|contamos|temos)\b[^.!?\n]{0,15}\b(?:fundos|dinheiro|recursos|meios|"
            r"tempo)\b"
        ),
        r"\bfechar (?:a|o) (?:clinica|negocio|empresa|consultorio|loja)\b",
        r"\bencerra\w+ (?:a|o|as) (?:clinica|negocio|empresa|atividades?)\b",
        r"\bpref(?:iro|erimos)\b[^.!?\n]{0,12}\bnao\b|\bja (?:ha|temos|tenho) (?:outra|uma|quem|alguem)\b",
        r"\bde todo\b|\bnunca mais\b|\bma experiencia\b|\bpessima experiencia\b|\bme aposento\b|\bnem pensar\b",
        r"\bnao,",
    ),
    unsubscribe=(
        (
            r"^(?:por favor,? )?(?:cancelar (?:a )?(?:inscricao|subscricao|assinatura)|descadastr\w+|remover|sair|"
            r"stop|unsubscribe|excluir)(?: por favor)?[.! ]{0,4}$"
        ),
        r"\bdescadastr\w+\b|\bcancel\w+ (?:a |minha )?(?:inscricao|subscricao|assinatura)\b",
        (
            r"\b(?:remov\w+|retir\w+|exclu\w+|apag\w+|tir\w+|elimin\w+)\b[^.!?\n]{0,40}\b(?:lista|base|cadastro|"
            r"mailing|endereco|e-?mail|dados|contacto|contato|registos?|registros?)\b"
        ),
        r"\bexclusao\b[^.!?\n]{0,30}\bdados\b",
        r"\b(?:removam-me|remova-me|retirem-me|retire-me|me remova|me retire|me tire)\b",
        (
            r"\b(?:parem|pare|para|deixem|deixe) de\b[^.!?\n]{0,30}\b(?:envi\w+|mandar\w*|escrev\w+|incomod\w+|"
            r"contact\w+|contat\w+|spam\w*)\b"
        ),
        (
            r"\bnao (?:quero|desejo|pretendo|queremos|gostaria de)[^.!?\n]{0,20}\b(?:receber|ser (?:contact|contat)"
            r"\w+)\b"
        ),
        (
            r"\bnao (?:me |nos )?(?:contact\w+|contat\w+|escrev\w+|envi\w+|mand\w+|voltem? a)"
            r"\b[^.!?\n]{0,30}\b(?:mais|novamente|de novo|nunca|contact\w+|escrever)\b"
        ),
        r"\bnao mais (?:e-?mails?|mensagens)\b|\b(?:deixe|deixem|me deixa|deixa)(?:-me)? em paz\b|\bisto e spam\b",
        r"\bisso e spam\b|\bdireito (?:ao esquecimento|de oposicao)\b|\boponho-me\b|\bdenunci\w+\b|\btirem?-?me\b",
        r"\bchega de\b[^.!?\n]{0,20}\b(?:e-?mails?|mensagens|spam|publicidade|propaganda)\b",
        r"\bnao (?:quero|queremos|desejo|desejamos) (?:receber|mais)\b[^.!?\n]{0,40}",
        r"\bnao (?:autoriz\w+|dei (?:autorizacao|permissao|consentimento)|consent\w+)\b",
        r"\b(?:publicidade|propaganda) nao (?:desejada|solicitada)|\bnao solicitad\w+\b",
        r"\bbloque\w+\b[^.!?\n]{0,20}\b(?:e-?mail|endereco|remetente)\b",
        r"\bnunca (?:dei|autorizei|solicitei|pedi|me (?:inscrevi|cadastrei)|subscrevi)\b[^.!?\n]{0,40}",
        r"\bsem (?:o meu|a minha|minha|nossa) (?:consentimento|permissao|autorizacao)\b",
        r"\bnao (?:me )?volt\w+ a (?:contact\w+|contat\w+|escrev\w+|enviar|ligar|incomod\w+)\b|\bassedio\b",
    ),
    undecided=(
        r"\b(?:nao sou eu|nao e comigo|nao e a minha area|nao trato)\b",
        r"\b(?:fale|fala|contacte|contate) com (?:a |o )?[a-z]+\b",
        (
            r"\b(?:volte|volta|voltem|contacte-me|me procure|me contate|fale comigo)"
            r"\b[^.!?\n]{0,30}\b(?:em (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|"
            r"novembro|dezembro)|mais tarde|depois|novamente|daqui)\b"
        ),
        r"\bmais (?:para a frente|adiante)\b",
        (
            r"\b(?:vou pensar|pensar no assunto|tenho de falar|tenho que falar|preciso falar|vou perguntar|"
            r"vou consultar)\b"
        ),
        r"\bquem (?:e voce|e o senhor|sao voces)\b|\bonde (?:conseguiram|obtiveram|arranjaram|conseguiu)\b",
        r"\bencaminhei\b|\breencaminhei\b|\bdo que se trata\b",
        r"\b(?:trata disso|cuida disso|e quem (?:trata|cuida|decide))\b",
        r"\bdepois (?:do verao|das ferias|do natal|do carnaval|da pascoa)\b|\bfalamos (?:depois|em|mais)\b",
        r"\breenvi\w+\b|\btalvez (?:em|no|na|mais)\b|\bencaminho\b|\bquem (?:lhe|te) deu\b",
    ),
    yes_in_spite_of_no=(
        r"\bnao (?:vejo |ha |tenho )?(?:problema|inconveniente|objecao)s?\b|\bpor ?que nao\b",
        r"\bnao (?:esta|e|soa) (?:nada )?mau\b|\bnada contra\b|\bsem (?:problema|compromisso)\b|\bnao hesite\b",
        r"\bnao so\b",
    ),
    negators=(
        "nao",
        "nunca",
        "jamais",
        "sem",
        "nem",
        "nenhum(?:a)?",
        "tampouco",
    ),
    but=(
        "mas",
        "porem",
        "contudo",
        "no entanto",
        "todavia",
        "entretanto",
    ),
    away=(
        r"\bfora d[oae] (?:escritorio|empresa|consultorio|agencia)\b|\bausente\b|\bde ferias\b|\bem viagem\b",
        r"\b(?:estou|estarei) viajando\b|\bem licenca\b",
        r"\blicenca (?:de )?(?:maternidade|paternidade|medica|parental)\b|\bde licenca\b",
        r"\bem (?:formacao|treinamento)\b|\bde baixa\b",
        r"\bnao (?:estou|estarei) (?:no escritorio|disponivel|contactavel)\b",
        r"\b(?:volto|voltarei|voltaremos|regresso|regressarei|retorno|retornarei|estarei de volta|de volta)\b",
        r"\bno meu (?:regresso|retorno)\b|\bna minha ausencia\b",
        r"\b(?:escritorio|consultorio|clinica|empresa|loja)\b[^.!?\n]{0,40}\bfechad[oa]\b|\bacesso limitado\b",
        r"\bsem acesso ao e-?mail\b",
        r"\bnao estar(?:ei|emos)\b[^.!?\n]{0,20}\b(?:disponivel|disponiveis|no escritorio|contactavel|contatavel)\b",
        r"\bdias? de (?:folga|descanso)\b|\bde folga\b|\bregresso (?:na|no|a|em)\b",
        r"\bfechad[oa]s?\b[^.!?\n]{0,20}\b(?:para|ate|de \d)\b|\bfora ate\b|\bdoente\b|\bhospitalizad\w+\b",
        r"\bno regresso\b|\bnuma feira\b|\btempo indeterminado\b",
    ),
    past=(r"\b(?:estive|estava|estavamos|passada|passado|desculpe|desculpa|desculpem|acabei de voltar)\b",),
    automatic=(
        r"\bresposta automatica\b|\bausencia\b|\bausente\b|\bfora do escritorio\b|\bmensagem automatica\b",
        r"\bde ferias\b|\bem ferias\b",
    ),
    gone=(
        r"\bja nao (?:trabalha|faz parte|esta|colabora)\b|\bnao (?:trabalha|faz parte)\b[^.!?\n]{0,20}\bmais\b",
        r"\bnao (?:trabalha|esta) mais\b|\bdeixou (?:a empresa|de trabalhar|a companhia)\b|\bse aposentou\b",
        r"\breformou-se\b",
    ),
    received=(
        r"\brecebemos (?:a |o )?(?:sua|seu|tua)\b",
        (
            r"\b(?:sua|seu) (?:mensagem|pedido|solicitacao|e-?mail)\b[^.!?\n]{0,30}\b(?:foi) (?:recebid|registrad|"
            r"registad)\w+"
        ),
        r"\bobrigad[oa] por (?:entrar em contat?co?|contactar|contatar|nos contactar)\b",
        r"\b(?:responderemos|retornaremos)\b[^.!?\n]{0,40}\b(?:breve|possivel|brevidade|horas)\b",
        r"\bnao responda a este\b",
    ),
    back=(r"\b(?:volt\w+|regress\w+|retorn\w+|de volta|a partir de|reabertura|reabr\w+)\b",),
    until=(r"\bate(?: ao| o| a| dia)?\b",),
    inclusive=(r"\b(?:inclusive|incluido|inclusivo)\b",),
    tomorrow=(r"\bamanha\b",),
    next_week=(r"\b(?:na )?proxima semana\b|\bsemana que vem\b",),
    quote=(
        r"^(?:em|no dia|a)\b.{4,200}\bescreveu\s*:?$|^-{2,}\s*mensagem (?:original|encaminhada|reencaminhada)",
        r"^inicio da mensagem (?:encaminhada|reencaminhada)|^.{0,80}<[^<>\s]+@[^<>\s]+> escreveu:$",
    ),
    from_header=(
        "de",
        "enviada",
        "enviada em",
        "enviado",
        "para",
        "assunto",
        "data",
        "cc",
    ),
    closing=(
        r"(?:com os |os |meus )?(?:melhores |cordiais )?(?:cumprimentos|saudacoes)",
        r"(?:um )?(?:grande )?(?:abraco|abracos|abs|beijos?|bjs)|atenciosamente|att|atte|cordialmente",
        r"respeitosamente|obrigad[oa](?: desde ja| e cumprimentos)?|grat[oa]|fico a disposicao.{0,40}",
        r"tenha um.{0,30}",
    ),
    device=(
        r"enviad[oa] (?:do|da|de|a partir|pelo|com|via)\b|obter o outlook|baixe o outlook",
        r"esta (?:mensagem|e-?mail)(?: .{0,60})? (?:e|pode|contem|destina)|aviso (?:legal|de confidencialidade)",
    ),
)
