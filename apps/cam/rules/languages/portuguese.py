"""Portuguese, of Portugal and Brazil."""

from apps.cam.rules.languages.phrases import Language

PORTUGUESE = Language(
    locale="pt",
    interest=(
        r"\b(?:tenho|temos|teria|teriamos|ha) (?:sim |muito |algum )?interesse\b|\b(?:me|nos) interess(?:a|am|aria|ou)\b|\binteressa-(?:me|nos)\b|\binteressad[oa]s?\b|\bgostei\b|\bparece[- ](?:me|nos)? ?(?:bem|bom|otimo|interessante)\b|\bfiquei curios[oa]\b|\bcurios[oa]\b|\bsoa (?:bem|bom)\b",
        r"\b(?:podemos|poderiamos|pode|podes|podem|vamos|bora)\b[^.!?\n]{0,30}\b(?:conversar|falar|ligar|marcar|agendar|reunir|mandar|enviar|combinar)\b|\bvamos marcar\b|\bbora\b|\bconversemos\b",
        r"\b(?:manda|mande|envia|envie|mandem|enviem|mandar|enviar|solicitamos o envio)\b[^.!?\n]{0,40}\b(?:info\w*|detalhes|orcamento|proposta|precos?|valores|exemplos|material|link|convite|mais)\b(?! (?:e-?mails|mensagens))|\bmais (?:informacoes|informacao|detalhes)\b|\bum orcamento\b(?! nao)|\bconta mais\b|\bconte-me mais\b",
        r"\b(?:quanto (?:custa|fica|sai|e|seria)|qual (?:e|seria|o) (?:o )?(?:preco|valor|custo|proximo passo)|que precos?)\b|\bproximos? passos?\b",
        r"\b(?:me liga|me ligue|ligue-me|liga-me|liguem-me|pode (?:me )?ligar)\b",
        r"\b(?:uma )?(?:demo|demonstracao)\b|\bquando (?:voce|pode|podes|podemos|teria)\b|\bsugir\w+\b[^.!?\n]{0,20}\b(?:data|dia|hora)\b|\breuniao\b(?=[^.!?\n]{0,30}(?:\?|segunda|terca|quarta|quinta|sexta|semana|amanha))|\blink da call\b|\besta otimo para mim\b",
        r"\b(?:claro que sim|com certeza|com (?:todo o )?prazer|combinado|perfeito|por que nao|porque nao|com gosto|fechado)\b",
        r"\b(?:procura|procurando|procuramos)\b[^.!?\n]{0,30}\b(?:alguem|agencia|parceiro|fornecedor|quem)\b|\bavaliar (?:varias )?agencias\b|\b(?:tem|voces tem|teriam) (?:exemplos|referencias|casos)\b|\bgostari(?:a|amos)\b[^.!?\n]{0,30}\b(?:ver|saber|conhecer|conversar|falar|marcar)\b",
        r"^(?:sim|ok,? vamos)\b",
    ),
    refusal=(
        r"\bnao,? ?(?:muito )?obrigad[oa]\b|\bobrigad[oa],? (?:mas )?nao\b|^nao\b[.! ]{0,3}$|\bpasso\b,",
        r"\bnao\b[^.!?\n]{0,25}\b(?:interess\w+|interesse|precis\w+|enquadra|temos (?:verba|orcamento)|tenho (?:verba|orcamento)|ha (?:verba|orcamento)|necessit\w+|faz sentido|queremos|quero|buscamos|procuramos|pretendemos)\b|\bsem (?:interesse|verba|orcamento)\b|\bnenhum interesse\b",
        r"\b(?:ja|atualmente)\b[^.!?\n]{0,30}\b(?:trabalhamos|temos|contamos|trabalho)\b[^.!?\n]{0,30}\b(?:agencia|fornecedor|parceiro|equipe|equipa|empresa)\b|\b(?:muito )?satisfeitos\b",
        r"\binternamente\b|\bnos mesmos\b|\bdentro de casa\b",
        r"\brecus\w+\b|\bdeclin\w+\b|\bdizer que nao\b|\bnao vamos\b|\bnao (?:seguir|avancar|prosseguir)\b|\bdescart\w+\b",
        r"\b(?:muito|demasiado) (?:caro|cara|dispendioso)\b|\bfora do (?:nosso )?orcamento\b|\bnao (?:cabe|podemos pagar)\b",
        r"\boutr[oa] (?:fornecedor|agencia|empresa|parceiro|opcao)\b|\bnao e (?:para nos|o momento|o que)\b|\b(?:por agora|por enquanto|de momento|no momento) nao\b|\bboa sorte\b",
    ),
    unsubscribe=(
        r"^(?:por favor,? )?(?:cancelar (?:a )?(?:inscricao|subscricao|assinatura)|descadastr\w+|remover|sair|stop|unsubscribe|excluir)(?: por favor)?[.! ]{0,4}$",
        r"\bdescadastr\w+\b|\bcancel\w+ (?:a |minha )?(?:inscricao|subscricao|assinatura)\b|\b(?:remov\w+|retir\w+|exclu\w+|apag\w+|tir\w+|elimin\w+)\b[^.!?\n]{0,40}\b(?:lista|base|cadastro|mailing|endereco|e-?mail|dados|contacto|contato|registos?|registros?)\b|\bexclusao\b[^.!?\n]{0,30}\bdados\b|\b(?:removam-me|remova-me|retirem-me|retire-me|me remova|me retire|me tire)\b",
        r"\b(?:parem|pare|para|deixem|deixe) de\b[^.!?\n]{0,30}\b(?:envi\w+|mandar\w*|escrev\w+|incomod\w+|contact\w+|contat\w+|spam\w*)\b",
        r"\bnao (?:quero|desejo|pretendo|queremos|gostaria de)[^.!?\n]{0,20}\b(?:receber|ser (?:contact|contat)\w+)\b|\bnao (?:me |nos )?(?:contact\w+|contat\w+|escrev\w+|envi\w+|mand\w+|voltem? a)\b[^.!?\n]{0,30}\b(?:mais|novamente|de novo|nunca|contact\w+|escrever)\b|\bnao mais (?:e-?mails?|mensagens)\b",
        r"\b(?:deixe|deixem|me deixa|deixa)(?:-me)? em paz\b|\bisto e spam\b|\bisso e spam\b|\bdireito (?:ao esquecimento|de oposicao)\b|\boponho-me\b|\bdenunci\w+\b",
    ),
    undecided=(
        r"\b(?:nao sou eu|nao e comigo|nao e a minha area|nao trato)\b|\b(?:fale|fala|contacte|contate) com (?:a |o )?[a-z]+\b",
        r"\b(?:volte|volta|voltem|contacte-me|me procure|me contate|fale comigo)\b[^.!?\n]{0,30}\b(?:em (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)|mais tarde|depois|novamente|daqui)\b|\bmais (?:para a frente|adiante)\b",
        r"\b(?:vou pensar|pensar no assunto|tenho de falar|tenho que falar|preciso falar|vou perguntar|vou consultar)\b|\bquem (?:e voce|e o senhor|sao voces)\b|\bonde (?:conseguiram|obtiveram|arranjaram|conseguiu)\b|\bencaminhei\b|\breencaminhei\b",
    ),
    yes_in_spite_of_no=(
        r"\bnao (?:vejo |ha |tenho )?(?:problema|inconveniente|objecao)s?\b|\bpor ?que nao\b|\bnao (?:esta|e|soa) (?:nada )?mau\b|\bnada contra\b|\bsem (?:problema|compromisso)\b|\bnao hesite\b|\bnao so\b",
    ),
    negators=(r"nao", r"nunca", r"jamais", r"sem", r"nem", r"nenhum(?:a)?", r"tampouco"),
    but=("mas", "porem", "contudo", "no entanto", "todavia", "infelizmente", "entretanto"),
    away=(
        r"\bfora d[oae] (?:escritorio|empresa|consultorio|agencia)\b|\bausente\b|\bde ferias\b|\bem viagem\b|\b(?:estou|estarei) viajando\b|\bem licenca\b|\blicenca (?:de )?(?:maternidade|paternidade|medica|parental)\b|\bde licenca\b|\bem (?:formacao|treinamento)\b|\bde baixa\b",
        r"\bnao (?:estou|estarei) (?:no escritorio|disponivel|contactavel)\b|\b(?:volto|voltarei|voltaremos|regresso|regressarei|retorno|retornarei|estarei de volta|de volta)\b|\bno meu (?:regresso|retorno)\b|\bna minha ausencia\b",
        r"\b(?:escritorio|consultorio|clinica|empresa|loja)\b[^.!?\n]{0,40}\bfechad[oa]\b|\bacesso limitado\b|\bsem acesso ao e-?mail\b",
    ),
    past=(r"\b(?:estive|estava|estavamos|passada|passado|desculpe|desculpa|desculpem|acabei de voltar)\b",),
    automatic=(
        r"\bresposta automatica\b|\bausencia\b|\bausente\b|\bfora do escritorio\b|\bmensagem automatica\b|\bde ferias\b|\bem ferias\b",
    ),
    gone=(
        r"\bja nao (?:trabalha|faz parte|esta|colabora)\b|\bnao (?:trabalha|faz parte)\b[^.!?\n]{0,20}\bmais\b|\bnao (?:trabalha|esta) mais\b|\bdeixou (?:a empresa|de trabalhar|a companhia)\b|\bse aposentou\b|\breformou-se\b",
    ),
    received=(
        r"\brecebemos (?:a |o )?(?:sua|seu|tua)\b|\b(?:sua|seu) (?:mensagem|pedido|solicitacao|e-?mail)\b[^.!?\n]{0,30}\b(?:foi) (?:recebid|registrad|registad)\w+|\bobrigad[oa] por (?:entrar em contat?co?|contactar|contatar|nos contactar)\b|\b(?:responderemos|retornaremos)\b[^.!?\n]{0,40}\b(?:breve|possivel|brevidade|horas)\b|\bnao responda a este\b",
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
        r"(?:com os |os |meus )?(?:melhores |cordiais )?(?:cumprimentos|saudacoes)|(?:um )?(?:grande )?(?:abraco|abracos|abs|beijos?|bjs)|atenciosamente|att|atte|cordialmente|respeitosamente|obrigad[oa](?: desde ja| e cumprimentos)?|grat[oa]|fico a disposicao.{0,40}|tenha um.{0,30}",
    ),
    device=(
        r"enviad[oa] (?:do|da|de|a partir|pelo|com|via)\b",
        r"obter o outlook|baixe o outlook",
        r"esta (?:mensagem|e-?mail)(?: .{0,60})? (?:e|pode|contem|destina)",
        r"aviso (?:legal|de confidencialidade)",
    ),
)
