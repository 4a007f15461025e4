"""Spanish."""

from apps.cam.rules.languages.phrases import Language

SPANISH = Language(
    locale="es",
    interest=(
        r"\b(?:me|nos) interesa(?:n|ria|rian)?\b",
        r"\binteresad[oa]s?\b",
        r"\bte interesa\b(?=\W*$)",
        r"\bme (?:gusto|gusta|encaja|viene bien|parece bien|cuadra)\b",
        r"\bnos (?:encaja|cuadra|viene bien|gusta)\b",
        r"\bme ha gustado\b",
        r"\bsuena (?:muy )?(?:bien|interesante)\b",
        r"\btiene buena pinta\b",
        (
            r"\b(?:podemos|podriamos|podria|puedes|puede|podeis|pueden)\b[^.!?\n]{0,30}\b(?:hablar|"
            r"llamar\w*|reunir\w*|vernos|quedar|agendar|enviar\w*|mandar\w*|pasar\w*|"
            r"explicar\w*)\b"
        ),
        r"\bhablemos\b",
        r"\bagendemos\b",
        r"\bquedemos\b",
        r"\breunamonos\b",
        r"\bconcertar\b",
        (
            r"\b(?:mandame|enviame|manda|envia|mandadme|enviadme|envieme|enviennos|envienos|"
            r"mandenos|pasame|paseme|pasanos)\b[^.!?\n]{0,40}\b(?:info\w*|detalles|presupuesto|"
            r"propuesta|tarifas?|precios?|ejemplos|dossier|invitacion|mas)\b"
        ),
        r"\bmas (?:informacion|info|detalles)\b",
        r"\ba la espera de su (?:propuesta|presupuesto)",
        r"\bcuentame\b",
        r"\bcuenteme\b",
        r"\bcontadme\b",
        (
            r"\b(?:cuanto|que precio|que tarifas?|que coste|cual (?:es|seria) (?:el |"
            r"su )?(?:precio|coste|tarifa))\b[^.!?\n]{0,40}"
        ),
        r"\b(?:siguiente|proximo)s? pasos?\b",
        r"\b(?:llamame|llameme|llamenos|llamadme|telefoneame)\b",
        r"\b(?:una )?(?:demo|demostracion)\b",
        r"\bque dia\b",
        r"\bcuando (?:te|le|os|les|puedes|podemos|podria)\b",
        r"\bpropon\w*\b[^.!?\n]{0,20}\b(?:fecha|dia|hora)\b",
        r"\bmi (?:enlace|calendario|agenda)\b",
        r"\benlace para reservar\b",
        r"\breunion\b(?=[^.!?\n]{0,30}(?:martes|lunes|miercoles|jueves|viernes|semana|\?|manana|bien))",
        (
            r"\b(?:claro que si|por supuesto|adelante|encantad[oa]s?|perfecto|genial|"
            r"de acuerdo,|vamos a ello|por que no|hagamoslo)\b"
        ),
        r"\b(?:buscando|buscamos)\b[^.!?\n]{0,30}\b(?:alguien|agencia|proveedor|partner|quien)\b",
        r"\bcomparando\b[^.!?\n]{0,30}\bagencias\b",
        r"\b(?:teneis|tienen|tienes) (?:ejemplos|referencias|casos)\b",
        r"\bte escuchamos\b",
        r"\bgustaria\b[^.!?\n]{0,30}\b(?:ver|saber|conocer|hablar|tener|recibir(?! mas correos))\b",
        r"^(?:si|ok,? vamos)\b(?!n)",
        r"\b(?:tienes|tiene|teneis|tienen|haces|hace|haceis|hacen|trabajas|trabajais|ofreces|ofreceis|ofrecen|puedes|puede|podeis|pueden|podrias|podria|podriais)\b(?! (?:dejar|eliminar|borrar|quitar|sacar|parar|reenviar))[^.!?\n]{0,70}\?",
        r"\b(?:quiero|queremos|quisiera|quisieramos|me gustaria|nos gustaria|necesito|necesitamos)\b(?! (?:recibir|que (?:me )?(?:dej|elimin|borr|quit)|darme|no))[^.!?\n]{0,30}\b(?:saber|ver|conocer|mas|hablar|probar|contratar|empezar|una|un|ayuda)\b|\bme apunto\b|\bcuando (?:empezamos|nos|podemos|puedes|podeis|quedamos)\b|\bnos vendria\b|\bme vendria\b|\bestaria (?:bien|genial|encantad)\w*\b|\bgenial\b|\bestupendo\b|\bdale\b|\bvenga\b|\bhecho\b[.!]|\bme parece (?:bien|interesante|buena|genial|perfecto)\b|\bbuena idea\b",
        r"\b(?:envi\w+|mand\w+|pas\w+)\b[^.!?\n]{0,12}\b(?:los |el |la |las |tu |su |vuestra? )?(?:detalles|contrato|propuesta|presupuesto|tarifas|informacion|dossier|calendario)\b|\bhueco\b|\bhablamos (?:el|manana|esta|la)\b|\bquedamos\b|\bvenid\b|\bestoy (?:libre|disponible) (?:el|manana|para|a)\b|\bmi (?:numero|movil|telefono)\b|\bcurios\w+\b",
        r"\b(?:experiencia|referencias?|ejemplos?|tarifas?|precios?|resultados?|paquetes?|plazos?|condiciones|clientes?|ofrec\w+|en concreto|pasos?)\b[^.!?\n]{0,60}\?",
        r"\bbuen momento\b|\ba tiempo\b|\bde acuerdo,? (?:el|para|a las|lunes|martes|miercoles|jueves|viernes|quedamos|nos)\b|\bdevuelv\w+\b[^.!?\n]{0,12}\bllamada\b|\b(?:lunes|martes|miercoles|jueves|viernes|la semana que viene)\b[^.!?\n]{0,25}\?|\bcuriosidad (?:por|de|en)\b|\bestamos (?:renovando|lanzando|pensando en|valorando|planteando\w*|abiertos)\b|\babierto[as]? a\b|\bimpresionad\w+\b|\bpor favor,? (?:llam\w+|contact\w+ conmigo al)\b",
    ),
    refusal=(
        r"\bno,? ?(?:muchas )?gracias\b",
        r"\bgracias,? (?:pero )?no\b",
        r"^no\b[.! ]{0,3}$",
        r"\bpaso\b[,.]",
        r"\bpaso de\b",
        (
            r"\bno\b[^.!?\n]{0,25}\b(?:interesad[oa]s?|interesa|interese|necesit\w+|"
            r"encaja|procede|contamos con presupuesto|tenemos presupuesto|hay presupuesto|"
            r"tengo presupuesto|tenemos interes|lo vemos|me convence|nos convence|cuadra|"
            r"buscamos|queremos|quiero|deseo|podemos permitir\w*)\b"
        ),
        r"\bsin (?:interes|presupuesto)\b",
        r"\bningun interes\b",
        (
            r"\b(?:ya|actualmente)\b[^.!?\n]{0,30}\b(?:trabajamos|tenemos|contamos|trabajo)"
            r"\b[^.!?\n]{0,30}\b(?:agencia|proveedor|equipo|empresa|partner)\b"
        ),
        r"\bmuy (?:contentos|satisfechos)\b",
        r"\binternamente\b|\bnosotros mismos\b|\ben casa\b",
        r"\brechaz\w+\b",
        r"\bdeclin\w+\b",
        r"\bdecir que no\b",
        r"\bno vamos a\b",
        r"\bno (?:seguir|seguimos|avanzar|continuar)\b",
        r"\bdescart\w+\b",
        r"\b(?:demasiado|muy) car[oa]\b",
        r"\bfuera de (?:nuestro )?presupuesto\b",
        r"\bno nos lo podemos permitir\b",
        r"\botr[oa] (?:proveedor|agencia|empresa|opcion)\b",
        r"\bno es (?:para nosotros|lo que|el momento)\b",
        r"\b(?:por ahora|de momento) no\b",
        r"\bsuerte\b",
        r"\bno\b[^.!?\n]{0,20}\b(?:prioridad|prioritario|creemos|creo|vemos|veo|buscando|para nosotros|para mi|convence\w*|hace falta|lo necesit\w*|nos hace falta|aporta|aplica|compensa|merece|tiene sentido|entra en)\b|\bya (?:tenemos|tengo|hay) (?:quien|a alguien|alguien|una persona|eso|cubierto|todo)\b|\bdejarlo\b|\blo dejamos\b|\ben otra ocasion\b|\bseguimos con\b|\bnos quedamos con\b|\botras prioridades\b|\bpresupuesto\b[^.!?\n]{0,25}\b(?:cerrado|agotado|comprometido|gastado|congelado)\b|\blo llevamos nosotros\b|\blo hacemos nosotros\b|\bcontrato (?:con otr\w|firmado|en vigor)\b|\bno va con\b|\bva a ser que no\b|\bcreo que no\b|\bno me va\b",
        r"\bno\b[^.!?\n]{0,15}\b(?:disponemos|contamos|tenemos)\b[^.!?\n]{0,15}\b(?:fondos|dinero|recursos|medios|tiempo)\b|\bcerramos\b|\bvamos a cerrar\b|\bcierr\w+ (?:la|el) (?:clinica|negocio|empresa|tienda)\b|\bpref(?:iero|erimos)\b[^.!?\n]{0,12}\bno\b|\bya (?:se (?:ocupa|encarga)|lo (?:lleva|hace))\b|\ben absoluto\b|\bnunca mas\b|\bmala experiencia\b|\bme jubilo\b|\bpierd\w+ el tiempo\b|\bpara nada\b|\bno,",
    ),
    unsubscribe=(
        r"^(?:por favor,? )?(?:dar(?:me)? de )?baja(?: por favor)?[.! ]{0,4}$",
        r"^(?:stop|unsubscribe|cancelar suscripcion|desuscribir\w*|eliminar|borrar)[.! ]{0,4}$",
        r"\b(?:dar(?:me|nos)?|denme|deme|dame|darse|dadme) de baja\b",
        r"\bdesuscrib\w+\b",
        r"\bcancel\w+ (?:mi |la )?suscripcion\b",
        (
            r"\b(?:elimin\w+|quit\w+|borr\w+|saqu\w+|sacad(?:me|nos)|sacame|retir\w+)"
            r"\b[^.!?\n]{0,40}\b(?:lista|base de datos|listado|direccion|correo|datos|"
            r"registros|ficheros)\b"
        ),
        r"\bsupresion\b[^.!?\n]{0,30}\bdatos\b",
        r"\b(?:eliminenme|quitenme|borrenme|saquenme|eliminame|borrame|quitame)\b",
        (
            r"\b(?:dejen|deja|dejad|deje|paren|pare|para ya) de\b[^.!?\n]{0,30}\b(?:envi\w+|"
            r"mandar\w*|escrib\w+|molest\w+|contact\w+|spam\w*)\b"
        ),
        (
            r"\bno (?:me |nos )?(?:vuelv\w+ a |quiero |deseo |queremos |deseamos |quisiera )"
            r"[^.!?\n]{0,20}\b(?:escrib\w+|contact\w+|recibir|envi\w+|mandar\w*|llamar\w*|"
            r"mas (?:correos?|e-?mails?|mensajes))\b"
        ),
        (
            r"\bno (?:me|nos) (?:escrib\w+|contact\w+|envi\w+|mand\w+)\b[^.!?\n]{0,20}\b(?:mas|"
            r"de nuevo|otra vez|nunca)\b"
        ),
        r"\bno mas (?:correos?|e-?mails?|mensajes)\b",
        r"\b(?:dejame|dejenme|dejadme|dejeme) en paz\b",
        r"\besto es spam\b",
        r"\bderecho (?:de supresion|al olvido|de oposicion)\b",
        r"\bme opongo\b",
        r"\bdenunci\w+\b",
        r"\bsaquen?me\b|\bsacad?me\b|\bbasta de\b[^.!?\n]{0,20}\b(?:correos?|e-?mails?|mensajes|spam|publicidad)\b|\bno (?:quiero|queremos|deseo|deseamos) (?:recibir|mas)\b[^.!?\n]{0,40}|\b(?:no|ni) (?:autoric\w+|he autorizado|di (?:mi )?permiso|consient\w+)\b|\bpublicidad no (?:deseada|solicitada)|\bno solicitad\w+\b|\bbloque\w+\b[^.!?\n]{0,20}\b(?:correo|direccion|remitente)\b|\bsean tan amables de (?:borrar|eliminar|quitar)\w*",
        r"\bnunca (?:he dado|di|autorice|he autorizado|solicite|me suscribi|pedi)\b[^.!?\n]{0,40}|\bsin (?:mi|nuestro) (?:consentimiento|permiso|autorizacion)\b|\bno (?:me )?vuelv\w+ a (?:contact\w+|escrib\w+|enviar\w*|llamar\w*|molest\w+)\b|\bacoso\b|\bagencia de proteccion de datos\b",
    ),
    undecided=(
        r"\b(?:no llevo|no soy (?:yo )?(?:la persona|quien|el|la)|no es mi (?:area|tema))\b",
        r"\b(?:habla|hable|contacte|contacta|escriba|escribe) (?:con|a) [a-z]+\b",
        (
            r"\b(?:escribeme|escribame|contactame|contacteme|llamame|vuelve a)\b[^.!?\n]{0,30}\b(?:otra vez|"
            r"de nuevo|en (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep\w+|"
            r"octubre|noviembre|diciembre|otono|unos))\b"
        ),
        r"\bmas adelante\b",
        r"\b(?:lo pensare|pensarlo|hablarlo con|consultarlo|preguntare|tengo que hablar\w*)\b",
        r"\bquien (?:eres|es usted|sois)\b",
        r"\bde donde (?:han|has|habeis|ha)\b",
        r"\b(?:he|hemos) (?:pasado|reenviado)\b",
        r"\bse lo he pasado\b",
        r"\bde que se trata\b|\b(?:lo lleva|se encarga|se ocupa)\b[^.!?\n]{0,30}|\bdespues (?:del verano|de vacaciones|de navidad|de semana santa)\b|\bhablamos (?:despues|en|mas adelante|tras)\b|\breenvi\w+\b|\bquien es usted\b",
        r"\b(?:quizas?|tal vez) (?:en|mas|el)\b|\blo traslado\b|\bquien (?:le|te) ha dado\b",
    ),
    yes_in_spite_of_no=(
        r"\bno (?:tengo |hay |tenemos |veo )?(?:inconveniente|problema|objecion)\b",
        r"\bpor que no\b",
        r"\bno (?:me|nos) importaria\b",
        r"\bno (?:esta|suena|es) (?:nada )?mal\b",
        r"\bno dud\w+\b",
        r"\bsin (?:problema|compromiso)\b",
        r"\bno solo\b",
        r"\bcomo no\b",
    ),
    negators=(r"no", r"nunca", r"jamas", r"sin", r"ni", r"tampoco", r"ningun(?:a|o)?"),
    but=("pero", "sin embargo", "aunque", "no obstante"),
    away=(
        r"\bfuera de (?:la |mi )?(?:oficina|despacho|consulta)\b",
        r"\bausente\b",
        r"\bde vacaciones\b",
        r"\bde viaje\b",
        r"\bviajando\b",
        r"\bde baja (?:por|medica|maternal|laboral)\b",
        r"\bbaja por (?:maternidad|paternidad|enfermedad)\b",
        r"\ben (?:un congreso|una formacion|reuniones)\b",
        r"\bde permiso\b",
        r"\bno (?:estoy|estare) (?:en la oficina|disponible|localizable)\b",
        (
            r"\b(?:vuelvo|volvere|regreso|regresare|me reincorporo|me reincorporare|"
            r"estare de vuelta|estaremos de vuelta|de vuelta)\b"
        ),
        r"\ba mi (?:vuelta|regreso)\b",
        r"\ben mi ausencia\b",
        r"\b(?:oficina|clinica|consulta|empresa|despacho|centro|tienda)\b[^.!?\n]{0,40}\bcerrad[oa]\b",
        r"\bacceso limitado\b",
        r"\bsin acceso al correo\b",
        r"\bno estar(?:e|emos)\b[^.!?\n]{0,20}\b(?:disponible|en la oficina|localizable|operativ\w)\b|\bdias? libres?\b|\bdias de descanso\b|\bpuente\b[^.!?\n]{0,20}|\bregreso (?:el|la|en)\b|\bcerrad[oa]s?\b[^.!?\n]{0,20}\b(?:por|hasta|del)\b",
        r"\benferm[oa]\b|\bhospitalizad\w+\b|\ba la vuelta\b|\ben una feria\b|\btiempo indefinido\b",
    ),
    past=(r"\b(?:estuve|estaba|estabamos|estuvimos|pasada|pasado|perdon[ae]?|disculp\w+|acabo de volver)\b",),
    automatic=(
        r"\brespuesta automatica\b",
        r"\bfuera de (?:la )?oficina\b",
        r"\bausente\b",
        r"\bausencia\b",
        r"\brespuesta de ausencia\b",
        r"\bmensaje automatico\b",
        r"\bde vacaciones\b",
        r"\bautorespuesta\b",
    ),
    gone=(
        r"\bya no (?:trabaja|forma parte|esta|pertenece|labora)\b",
        r"\bha dejado (?:la empresa|la compania|de trabajar)\b",
        r"\bse ha jubilado\b",
        r"\bdejo la empresa\b",
    ),
    received=(
        r"\b(?:hemos|he) recibido (?:su|tu|vuestro)\b",
        (
            r"\b(?:su|tu) (?:mensaje|solicitud|consulta|correo)\b[^.!?\n]{0,30}\b(?:ha sido|"
            r"fue) (?:recibid|registrad)\w+"
        ),
        r"\bgracias por (?:contactar|ponerse en contacto|ponerte en contacto|escribirnos)\b",
        r"\b(?:responderemos|contestaremos)\b[^.!?\n]{0,40}\b(?:antes posible|brevedad|horas)\b",
        r"\ba la mayor brevedad\b",
        r"\bno responda a este\b",
        r"\bacuse de recibo\b",
    ),
    back=(
        (r"\b(?:vuelv\w+|volver\w*|regres\w+|reincorpor\w+|de vuelta|a partir del?|" r"reapertura|disponible desde)\b"),
    ),
    until=(r"\bhasta(?: el)?\b",),
    inclusive=(r"\b(?:inclusive|incluido|inclusivo)\b",),
    tomorrow=(r"(?<!la )(?<!esta )(?<!una )\bmanana\b",),
    next_week=(
        r"\bla (?:proxima semana|semana que viene)\b",
        r"\bproxima semana\b",
    ),
    quote=(
        r"^el\b.{4,200}\bescribio\s*:?$",
        r"^-{2,}\s*mensaje (?:original|reenviado)",
        r"^inicio del mensaje reenviado",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> escribio:$",
    ),
    from_header=("de", "enviado", "enviado el", "para", "asunto", "fecha", "cc"),
    closing=(
        (
            r"(?:un |muchos |cordiales |atentos |afectuosos )*(?:saludos?|abrazos?|besos?)"
            r"(?: cordial(?:es)?| y gracias)?"
        ),
        r"atentamente",
        r"atte",
        r"cordialmente",
        r"gracias(?: de antemano| y un saludo| y saludos)?",
        r"muchas gracias",
        r"quedo a (?:la espera|su disposicion).{0,60}",
        r"que tenga.{0,40}",
    ),
    device=(
        r"enviado (?:desde|con)\b",
        r"obtener outlook",
        r"este (?:mensaje|correo)(?: .{0,60})? (?:es|puede|contiene|va dirigido)",
        r"aviso (?:legal|de confidencialidad)",
    ),
)
