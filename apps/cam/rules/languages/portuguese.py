"""Portuguese, of Portugal and Brazil."""

from apps.cam.rules.languages.phrases import Language

PORTUGUESE = Language(
    locale="pt",
    interest=(
        r"\b(?:tenho|temos|teria|teriamos|ha) (?:sim |muito |algum )?interesse\b",
        r"\b(?:me|nos) interess(?:a|am|aria|ou)\b",
        r"\binteressa-(?:me|nos)\b",
        r"\binteressad[oa]s?\b",
        r"\bgostei\b",
        r"\bparece[- ](?:me|nos)? ?(?:bem|bom|otimo|interessante)\b",
        r"\bfiquei curios[oa]\b",
        r"\bcurios[oa]\b",
        r"\bsoa (?:bem|bom)\b",
        (
            r"\b(?:podemos|poderiamos|pode|podes|podem|vamos|bora)\b[^.!?\n]{0,30}\b(?:conversar|"
            r"falar|ligar|marcar|agendar|reunir|mandar|enviar|combinar)\b"
        ),
        r"\bvamos marcar\b",
        r"\bbora\b",
        r"\bconversemos\b",
        (
            r"\b(?:manda|mande|envia|envie|mandem|enviem|mandar|enviar|solicitamos o envio)"
            r"\b[^.!?\n]{0,40}\b(?:info\w*|detalhes|orcamento|proposta|precos?|valores|"
            r"exemplos|material|link|convite|mais)\b(?! (?:e-?mails|mensagens))"
        ),
        r"\bmais (?:informacoes|informacao|detalhes)\b",
        r"\bum orcamento\b(?! nao)",
        r"\bconta mais\b",
        r"\bconte-me mais\b",
        (
            r"\b(?:quanto (?:custa|fica|sai|e|seria)|qual (?:e|seria|o) (?:o )?(?:preco|"
            r"valor|custo|proximo passo)|que precos?)\b"
        ),
        r"\bproximos? passos?\b",
        r"\b(?:me liga|me ligue|ligue-me|liga-me|liguem-me|pode (?:me )?ligar)\b",
        r"\b(?:uma )?(?:demo|demonstracao)\b",
        r"\bquando (?:voce|pode|podes|podemos|teria)\b",
        r"\bsugir\w+\b[^.!?\n]{0,20}\b(?:data|dia|hora)\b",
        r"\breuniao\b(?=[^.!?\n]{0,30}(?:\?|segunda|terca|quarta|quinta|sexta|semana|amanha))",
        r"\blink da call\b",
        r"\besta otimo para mim\b",
        (
            r"\b(?:claro que sim|com certeza|com (?:todo o )?prazer|combinado|perfeito|"
            r"por que nao|porque nao|com gosto|fechado)\b"
        ),
        r"\b(?:procura|procurando|procuramos)\b[^.!?\n]{0,30}\b(?:alguem|agencia|parceiro|fornecedor|quem)\b",
        r"\bavaliar (?:varias )?agencias\b",
        r"\b(?:tem|voces tem|teriam) (?:exemplos|referencias|casos)\b",
        r"\bgostari(?:a|amos)\b[^.!?\n]{0,30}\b(?:ver|saber|conhecer|conversar|falar|marcar)\b",
        r"^(?:sim|ok,? vamos)\b",
        r"\b(?:tem|tens|teem|voces fazem|voce faz|fazem|trabalham|trabalha|oferecem|oferece|pode|podem|podes|poderia|poderiam|conseguem|consegue)\b(?! (?:deixar|remover|retirar|apagar|parar|reenviar))[^.!?\n]{0,70}\?",
        r"\b(?:quero|queremos|queria|gostava|gostaria|gostariamos|preciso|precisamos)\b(?! (?:receber|que (?:me )?(?:deix|remov|retir|apag)|de (?:receber mais|ser removid)|nao))[^.!?\n]{0,30}\b(?:saber|ver|conhecer|mais|falar|experimentar|contratar|comecar|uma|um|ajuda)\b|\btopo\b|\btopamos\b|\bquando (?:comecamos|podemos|pode|poderiamos|voce)\b|\bseria (?:otimo|bom|bem|optimo|interessante|excelente)\b|\bfechad[oa]\b[.!]|\bpode ser\b|\bboa ideia\b|\bme parece (?:bem|bom|otimo|interessante)\b|\b(?:otimo|optimo|excelente),",
        r"\b(?:envi\w+|mand\w+|pass\w+)\b[^.!?\n]{0,12}\b(?:os |o |a |as |a sua |o seu )?(?:detalhes|contrato|proposta|orcamento|precos|valores|informacao|informacoes|apresentacao|agenda)\b|\bhorario (?:na|no|para|em)\b|\bfalamos (?:na|amanha|no|esta)\b|\bestou (?:livre|disponivel) (?:na|no|amanha|para|a)\b|\bmeu (?:numero|celular|telefone|telemovel)\b",
        r"\b(?:experiencia|referencias?|exemplos?|precos?|valores|resultados?|pacotes?|prazos?|condicoes|clientes?|oferec\w+|em concreto|passos?)\b[^.!?\n]{0,60}\?",
        r"\b(?:em )?boa hora\b|\bbom momento\b|\bretorn\w+ a ligacao\b|\b(?:segunda|terca|quarta|quinta|sexta|semana que vem|proxima semana)\b[^.!?\n]{0,25}\?|\bcuriosidade (?:em|de|por)\b|\bestamos (?:a )?(?:renovar|renovando|lancar|lancando|pensar em|pensando em|a avaliar|avaliando|abertos)\b|\babert[oa]s? a\b|\bimpressionad\w+\b|\bpor favor,? (?:lig\w+|contact\w+ (?:para o|pelo))\b|\bde acordo,",
    ),
    refusal=(
        r"\bnao,? ?(?:muito )?obrigad[oa]\b",
        r"\bobrigad[oa],? (?:mas )?nao\b",
        r"^nao\b[.! ]{0,3}$",
        r"\bpasso\b,",
        (
            r"\bnao\b[^.!?\n]{0,25}\b(?:interess\w+|interesse|precis\w+|enquadra|temos (?:verba|"
            r"orcamento)|tenho (?:verba|orcamento)|ha (?:verba|orcamento)|necessit\w+|"
            r"faz sentido|queremos|quero|buscamos|procuramos|pretendemos)\b"
        ),
        r"\bsem (?:interesse|verba|orcamento)\b",
        r"\bnenhum interesse\b",
        (
            r"\b(?:ja|atualmente)\b[^.!?\n]{0,30}\b(?:trabalhamos|temos|contamos|trabalho)"
            r"\b[^.!?\n]{0,30}\b(?:agencia|fornecedor|parceiro|equipe|equipa|empresa)"
            r"\b"
        ),
        r"\b(?:muito )?satisfeitos\b",
        r"\binternamente\b|\bnos mesmos\b|\bdentro de casa\b",
        r"\brecus\w+\b",
        r"\bdeclin\w+\b",
        r"\bdizer que nao\b",
        r"\bnao vamos\b",
        r"\bnao (?:seguir|avancar|prosseguir)\b",
        r"\bdescart\w+\b",
        r"\b(?:muito|demasiado) (?:caro|cara|dispendioso)\b",
        r"\bfora do (?:nosso )?orcamento\b",
        r"\bnao (?:cabe|podemos pagar)\b",
        r"\boutr[oa] (?:fornecedor|agencia|empresa|parceiro|opcao)\b",
        r"\bnao e (?:para nos|o momento|o que)\b",
        r"\b(?:por agora|por enquanto|de momento|no momento) nao\b",
        r"\bboa sorte\b",
        r"\bnao\b[^.!?\n]{0,20}\b(?:prioridade|prioritario|achamos|acho|vemos|vejo|a procura|procura|para nos|para mim|convenc\w+|faz falta|se aplica|compensa|vale a pena|estamos a|estamos interess\w+|entra)\b|\bja (?:temos|tenho|ha) (?:quem|alguem|isso|tudo|uma pessoa)\b|\bfica para (?:a proxima|outra)\b|\bem outra ocasiao\b|\bnoutra altura\b|\bcontinuamos com\b|\bficamos com\b|\boutras prioridades\b|\borcamento\b[^.!?\n]{0,25}\b(?:fechado|esgotado|comprometido|gasto|congelado)\b|\bnos (?:mesmos )?(?:fazemos|tratamos)\b|\bcontrato (?:com outr\w|assinado|em vigor)\b|\bacho que nao\b|\bnao da\b",
        r"\bnao\b[^.!?\n]{0,15}\b(?:dispomos|contamos|temos)\b[^.!?\n]{0,15}\b(?:fundos|dinheiro|recursos|meios|tempo)\b|\bfechar (?:a|o) (?:clinica|negocio|empresa|consultorio|loja)\b|\bencerra\w+ (?:a|o|as) (?:clinica|negocio|empresa|atividades?)\b|\bpref(?:iro|erimos)\b[^.!?\n]{0,12}\bnao\b|\bja (?:ha|temos|tenho) (?:outra|uma|quem|alguem)\b|\bde todo\b|\bnunca mais\b|\bma experiencia\b|\bpessima experiencia\b|\bme aposento\b|\bnem pensar\b|\bnao,",
    ),
    unsubscribe=(
        (
            r"^(?:por favor,? )?(?:cancelar (?:a )?(?:inscricao|subscricao|assinatura)"
            r"|descadastr\w+|remover|sair|stop|unsubscribe|excluir)(?: por favor)?[.! ]{0,4}$"
        ),
        r"\bdescadastr\w+\b",
        r"\bcancel\w+ (?:a |minha )?(?:inscricao|subscricao|assinatura)\b",
        (
            r"\b(?:remov\w+|retir\w+|exclu\w+|apag\w+|tir\w+|elimin\w+)\b[^.!?\n]{0,40}\b(?:lista|"
            r"base|cadastro|mailing|endereco|e-?mail|dados|contacto|contato|registos?|"
            r"registros?)\b"
        ),
        r"\bexclusao\b[^.!?\n]{0,30}\bdados\b",
        r"\b(?:removam-me|remova-me|retirem-me|retire-me|me remova|me retire|me tire)\b",
        (
            r"\b(?:parem|pare|para|deixem|deixe) de\b[^.!?\n]{0,30}\b(?:envi\w+|mandar\w*|"
            r"escrev\w+|incomod\w+|contact\w+|contat\w+|spam\w*)\b"
        ),
        (
            r"\bnao (?:quero|desejo|pretendo|queremos|gostaria de)[^.!?\n]{0,20}\b(?:receber|"
            r"ser (?:contact|contat)\w+)\b"
        ),
        (
            r"\bnao (?:me |nos )?(?:contact\w+|contat\w+|escrev\w+|envi\w+|mand\w+|voltem? a)"
            r"\b[^.!?\n]{0,30}\b(?:mais|novamente|de novo|nunca|contact\w+|escrever)"
            r"\b"
        ),
        r"\bnao mais (?:e-?mails?|mensagens)\b",
        r"\b(?:deixe|deixem|me deixa|deixa)(?:-me)? em paz\b",
        r"\bisto e spam\b",
        r"\bisso e spam\b",
        r"\bdireito (?:ao esquecimento|de oposicao)\b",
        r"\boponho-me\b",
        r"\bdenunci\w+\b",
        r"\btirem?-?me\b|\bchega de\b[^.!?\n]{0,20}\b(?:e-?mails?|mensagens|spam|publicidade|propaganda)\b|\bnao (?:quero|queremos|desejo|desejamos) (?:receber|mais)\b[^.!?\n]{0,40}|\bnao (?:autoriz\w+|dei (?:autorizacao|permissao|consentimento)|consent\w+)\b|\b(?:publicidade|propaganda) nao (?:desejada|solicitada)|\bnao solicitad\w+\b|\bbloque\w+\b[^.!?\n]{0,20}\b(?:e-?mail|endereco|remetente)\b",
        r"\bnunca (?:dei|autorizei|solicitei|pedi|me (?:inscrevi|cadastrei)|subscrevi)\b[^.!?\n]{0,40}|\bsem (?:o meu|a minha|minha|nossa) (?:consentimento|permissao|autorizacao)\b|\bnao (?:me )?volt\w+ a (?:contact\w+|contat\w+|escrev\w+|enviar|ligar|incomod\w+)\b|\bassedio\b",
    ),
    undecided=(
        r"\b(?:nao sou eu|nao e comigo|nao e a minha area|nao trato)\b",
        r"\b(?:fale|fala|contacte|contate) com (?:a |o )?[a-z]+\b",
        (
            r"\b(?:volte|volta|voltem|contacte-me|me procure|me contate|fale comigo)"
            r"\b[^.!?\n]{0,30}\b(?:em (?:janeiro|fevereiro|marco|abril|maio|junho|julho|"
            r"agosto|setembro|outubro|novembro|dezembro)|mais tarde|depois|novamente|"
            r"daqui)\b"
        ),
        r"\bmais (?:para a frente|adiante)\b",
        (
            r"\b(?:vou pensar|pensar no assunto|tenho de falar|tenho que falar|preciso falar|"
            r"vou perguntar|vou consultar)\b"
        ),
        r"\bquem (?:e voce|e o senhor|sao voces)\b",
        r"\bonde (?:conseguiram|obtiveram|arranjaram|conseguiu)\b",
        r"\bencaminhei\b",
        r"\breencaminhei\b",
        r"\bdo que se trata\b|\b(?:trata disso|cuida disso|e quem (?:trata|cuida|decide))\b|\bdepois (?:do verao|das ferias|do natal|do carnaval|da pascoa)\b|\bfalamos (?:depois|em|mais)\b|\breenvi\w+\b",
        r"\btalvez (?:em|no|na|mais)\b|\bencaminho\b|\bquem (?:lhe|te) deu\b",
    ),
    yes_in_spite_of_no=(
        r"\bnao (?:vejo |ha |tenho )?(?:problema|inconveniente|objecao)s?\b",
        r"\bpor ?que nao\b",
        r"\bnao (?:esta|e|soa) (?:nada )?mau\b",
        r"\bnada contra\b",
        r"\bsem (?:problema|compromisso)\b",
        r"\bnao hesite\b",
        r"\bnao so\b",
    ),
    negators=(r"nao", r"nunca", r"jamais", r"sem", r"nem", r"nenhum(?:a)?", r"tampouco"),
    but=("mas", "porem", "contudo", "no entanto", "todavia", "entretanto"),
    away=(
        r"\bfora d[oae] (?:escritorio|empresa|consultorio|agencia)\b",
        r"\bausente\b",
        r"\bde ferias\b",
        r"\bem viagem\b",
        r"\b(?:estou|estarei) viajando\b",
        r"\bem licenca\b",
        r"\blicenca (?:de )?(?:maternidade|paternidade|medica|parental)\b",
        r"\bde licenca\b",
        r"\bem (?:formacao|treinamento)\b",
        r"\bde baixa\b",
        r"\bnao (?:estou|estarei) (?:no escritorio|disponivel|contactavel)\b",
        r"\b(?:volto|voltarei|voltaremos|regresso|regressarei|retorno|retornarei|estarei de volta|de volta)\b",
        r"\bno meu (?:regresso|retorno)\b",
        r"\bna minha ausencia\b",
        r"\b(?:escritorio|consultorio|clinica|empresa|loja)\b[^.!?\n]{0,40}\bfechad[oa]\b",
        r"\bacesso limitado\b",
        r"\bsem acesso ao e-?mail\b",
        r"\bnao estar(?:ei|emos)\b[^.!?\n]{0,20}\b(?:disponivel|disponiveis|no escritorio|contactavel|contatavel)\b|\bdias? de (?:folga|descanso)\b|\bde folga\b|\bregresso (?:na|no|a|em)\b|\bfechad[oa]s?\b[^.!?\n]{0,20}\b(?:para|ate|de \d)\b|\bfora ate\b",
        r"\bdoente\b|\bhospitalizad\w+\b|\bno regresso\b|\bnuma feira\b|\btempo indeterminado\b",
    ),
    past=(r"\b(?:estive|estava|estavamos|passada|passado|desculpe|desculpa|desculpem|acabei de voltar)\b",),
    automatic=(
        r"\bresposta automatica\b",
        r"\bausencia\b",
        r"\bausente\b",
        r"\bfora do escritorio\b",
        r"\bmensagem automatica\b",
        r"\bde ferias\b",
        r"\bem ferias\b",
    ),
    gone=(
        r"\bja nao (?:trabalha|faz parte|esta|colabora)\b",
        r"\bnao (?:trabalha|faz parte)\b[^.!?\n]{0,20}\bmais\b",
        r"\bnao (?:trabalha|esta) mais\b",
        r"\bdeixou (?:a empresa|de trabalhar|a companhia)\b",
        r"\bse aposentou\b",
        r"\breformou-se\b",
    ),
    received=(
        r"\brecebemos (?:a |o )?(?:sua|seu|tua)\b",
        (
            r"\b(?:sua|seu) (?:mensagem|pedido|solicitacao|e-?mail)\b[^.!?\n]{0,30}\b(?:foi)"
            r" (?:recebid|registrad|registad)\w+"
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
        r"^(?:em|no dia|a)\b.{4,200}\bescreveu\s*:?$",
        r"^-{2,}\s*mensagem (?:original|encaminhada|reencaminhada)",
        r"^inicio da mensagem (?:encaminhada|reencaminhada)",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> escreveu:$",
    ),
    from_header=("de", "enviada", "enviada em", "enviado", "para", "assunto", "data", "cc"),
    closing=(
        r"(?:com os |os |meus )?(?:melhores |cordiais )?(?:cumprimentos|saudacoes)",
        r"(?:um )?(?:grande )?(?:abraco|abracos|abs|beijos?|bjs)",
        r"atenciosamente",
        r"att",
        r"atte",
        r"cordialmente",
        r"respeitosamente",
        r"obrigad[oa](?: desde ja| e cumprimentos)?",
        r"grat[oa]",
        r"fico a disposicao.{0,40}",
        r"tenha um.{0,30}",
    ),
    device=(
        r"enviad[oa] (?:do|da|de|a partir|pelo|com|via)\b",
        r"obter o outlook|baixe o outlook",
        r"esta (?:mensagem|e-?mail)(?: .{0,60})? (?:e|pode|contem|destina)",
        r"aviso (?:legal|de confidencialidade)",
    ),
)
