"""Spanish."""

from apps.cam.rules.languages.phrases import Language

SPANISH = Language(
    locale="es",
    interest=(
        r"\b(?:me|nos) interesa(?:n|ria|rian)?\b|\binteresad[oa]s?\b|\bte interesa\b(?=\W*$)",
        r"\bme (?:gusto|gusta|encaja|viene bien|parece bien|cuadra)\b|\bnos (?:encaja|cuadra|viene bien|gusta)\b",
        r"\bme ha gustado\b|\bsuena (?:muy )?(?:bien|interesante)\b|\btiene buena pinta\b",
        (
            r"\b(?:podemos|podriamos|podria|puedes|puede|podeis|pueden)\b[^.!?\n]{0,30}\b(?:hablar|llamar\w*|"
            r"reunir\w*|vernos|quedar|agendar|enviar\w*|mandar\w*|pasar\w*|explicar\w*)\b"
        ),
        r"\bhablemos\b|\bagendemos\b|\bquedemos\b|\breunamonos\b|\bconcertar\b",
        (
            r"\b(?:mandame|enviame|manda|envia|mandadme|enviadme|envieme|enviennos|envienos|mandenos|pasame|paseme|"
            r"pasanos)\b[^.!?\n]{0,40}\b(?:info\w*|detalles|presupuesto|propuesta|tarifas?|precios?|ejemplos|"
            r"dossier|invitacion|mas)\b"
        ),
        r"\bmas (?:informacion|info|detalles)\b|\ba la espera de su (?:propuesta|presupuesto)|\bcuentame\b",
        r"\bcuenteme\b|\bcontadme\b",
        (
            r"\b(?:cuanto|que precio|que tarifas?|que coste|cual (?:es|seria) (?:el |su )?(?:precio|coste|tarifa))"
            r"\b[^.!?\n]{0,40}"
        ),
        r"\b(?:siguiente|proximo)s? pasos?\b|\b(?:llamame|llameme|llamenos|llamadme|telefoneame)\b",
        r"\b(?:una )?(?:demo|demostracion)\b|\bque dia\b|\bcuando (?:te|le|os|les|puedes|podemos|podria)\b",
        r"\bpropon\w*\b[^.!?\n]{0,20}\b(?:fecha|dia|hora)\b|\bmi (?:enlace|calendario|agenda)\b",
        r"\benlace para reservar\b",
        r"\breunion\b(?=[^.!?\n]{0,30}(?:martes|lunes|miercoles|jueves|viernes|semana|\?|manana|bien))",
        (
            r"\b(?:claro que si|por supuesto|adelante|encantad[oa]s?|perfecto|genial|de acuerdo,|vamos a ello|"
            r"por que no|hagamoslo)\b"
        ),
        r"\b(?:buscando|buscamos)\b[^.!?\n]{0,30}\b(?:alguien|agencia|proveedor|partner|quien)\b",
        r"\bcomparando\b[^.!?\n]{0,30}\bagencias\b|\b(?:teneis|tienen|tienes) (?:ejemplos|referencias|casos)\b",
        r"\bte escuchamos\b|\bgustaria\b[^.!?\n]{0,30}\b(?:ver|saber|conocer|hablar|tener|recibir(?! mas correos))\b",
        r"^(?:si|ok,? vamos)\b(?!n)",
        (
            r"\b(?:tienes|tiene|teneis|tienen|haces|hace|haceis|hacen|trabajas|trabajais|ofreces|ofreceis|ofrecen|"
            r"puedes|puede|podeis|pueden|podrias|podria|podriais)\b(?! (?:dejar|eliminar|borrar|quitar|sacar|parar|"
            r"reenviar))[^.!?\n]{0,70}\?"
        ),
        (
            r"\b(?:quiero|queremos|quisiera|quisieramos|me gustaria|nos gustaria|necesito|necesitamos)"
            r"\b(?! (?:recibir|que (?:me )?(?:dej|elimin|borr|quit)|darme|no))[^.!?\n]{0,30}\b(?:saber|ver|conocer|"
            r"mas|hablar|probar|contratar|empezar|una|un|ayuda)\b"
        ),
        r"\bme apunto\b|\bcuando (?:empezamos|nos|podemos|puedes|podeis|quedamos)\b|\bnos vendria\b|\bme vendria\b",
        r"\bestaria (?:bien|genial|encantad)\w*\b|\bgenial\b|\bestupendo\b|\bdale\b|\bvenga\b|\bhecho\b[.!]",
        r"\bme parece (?:bien|interesante|buena|genial|perfecto)\b|\bbuena idea\b",
        (
            r"\b(?:envi\w+|mand\w+|pas\w+)\b[^.!?\n]{0,12}\b(?:los |el |la |las |tu |su |vuestra? )?(?:detalles|"
            r"contrato|propuesta|presupuesto|tarifas|informacion|dossier|calendario)\b"
        ),
        r"\bhueco\b|\bhablamos (?:el|manana|esta|la)\b|\bquedamos\b|\bvenid\b",
        r"\bestoy (?:libre|disponible) (?:el|manana|para|a)\b|\bmi (?:numero|movil|telefono)\b|\bcurios\w+\b",
        (
            r"\b(?:experiencia|referencias?|ejemplos?|tarifas?|precios?|resultados?|paquetes?|plazos?|condiciones|"
            r"clientes?|ofrec\w+|en concreto|pasos?)\b[^.!?\n]{0,60}\?"
        ),
        r"\bbuen momento\b|\ba tiempo\b",
        r"\bde acuerdo,? (?:el|para|a las|lunes|martes|miercoles|jueves|viernes|quedamos|nos)\b",
        r"\bdevuelv\w+\b[^.!?\n]{0,12}\bllamada\b",
        r"\b(?:lunes|martes|miercoles|jueves|viernes|la semana que viene)\b[^.!?\n]{0,25}\?",
        r"\bcuriosidad (?:por|de|en)\b",
        r"\bestamos (?:renovando|lanzando|pensando en|valorando|planteando\w*|abiertos)\b|\babierto[as]? a\b",
        r"\bimpresionad\w+\b|\bpor favor,? (?:llam\w+|contact\w+ conmigo al)\b",
        r"\b(?:han|has|habeis) (?:trabajado|hecho|tenido|llevado|realizado)\b[^.!?\n]{0,50}\?",
    ),
    refusal=(
        r"\bno,? ?(?:muchas )?gracias\b|\bgracias,? (?:pero )?no\b|^no\b[.! ]{0,3}$|\bpaso\b[,.]|\bpaso de\b",
        (
            r"\bno\b[^.!?\n]{0,25}\b(?:interesad[oa]s?|interesa|interese|necesit\w+|encaja|procede|"
            r"contamos con presupuesto|tenemos presupuesto|hay presupuesto|tengo presupuesto|tenemos interes|"
            r"lo vemos|me convence|nos convence|cuadra|buscamos|queremos|quiero|deseo|podemos permitir\w*)\b"
        ),
        r"\bsin (?:interes|presupuesto)\b|\bningun interes\b",
        (
            r"\b(?:ya|actualmente)\b[^.!?\n]{0,30}\b(?:trabajamos|tenemos|contamos|trabajo)"
            r"\b[^.!?\n]{0,30}\b(?:agencia|proveedor|equipo|empresa|partner)\b"
        ),
        r"\bmuy (?:contentos|satisfechos)\b|\binternamente\b|\bnosotros mismos\b|\ben casa\b|\brechaz\w+\b",
        r"\bdeclin\w+\b|\bdecir que no\b|\bno vamos a\b|\bno (?:seguir|seguimos|avanzar|continuar)\b|\bdescart\w+\b",
        r"\b(?:demasiado|muy) car[oa]\b|\bfuera de (?:nuestro )?presupuesto\b|\bno nos lo podemos permitir\b",
        r"\botr[oa] (?:proveedor|agencia|empresa|opcion)\b|\bno es (?:para nosotros|lo que|el momento)\b",
        r"\b(?:por ahora|de momento) no\b|\bsuerte\b",
        (
            r"\bno\b[^.!?\n]{0,20}\b(?:prioridad|prioritario|creemos|creo|vemos|veo|buscando|para nosotros|para mi|"
            r"convence\w*|hace falta|lo necesit\w*|nos hace falta|aporta|aplica|compensa|merece|tiene sentido|"
            r"entra en)\b"
        ),
        r"\bya (?:tenemos|tengo|hay) (?:quien|a alguien|alguien|una persona|eso|cubierto|todo)\b|\bdejarlo\b",
        r"\blo dejamos\b|\ben otra ocasion\b|\bseguimos con\b|\bnos quedamos con\b|\botras prioridades\b",
        r"\bpresupuesto\b[^.!?\n]{0,25}\b(?:cerrado|agotado|comprometido|gastado|congelado)\b",
        r"\blo llevamos nosotros\b|\blo hacemos nosotros\b|\bcontrato (?:con otr\w|firmado|en vigor)\b|\bno va con\b",
        r"\bva a ser que no\b|\bcreo que no\b|\bno me va\b",
        (
            r"\bno\b[^.!?\n]{0,15}\b(?:disponemos|contamos|tenemos)\b[^.!?\n]{0,15}\b(?:fondos|dinero|recursos|"
            r"medios|tiempo)\b"
        ),
        r"\bcerramos\b|\bvamos a cerrar\b|\bcierr\w+ (?:la|el) (?:clinica|negocio|empresa|tienda)\b",
        r"\bpref(?:iero|erimos)\b[^.!?\n]{0,12}\bno\b|\bya (?:se (?:ocupa|encarga)|lo (?:lleva|hace))\b",
        r"\ben absoluto\b|\bnunca mas\b|\bmala experiencia\b|\bme jubilo\b|\bpierd\w+ el tiempo\b|\bpara nada\b",
        r"\bno,",
    ),
    unsubscribe=(
        r"^(?:por favor,? )?(?:dar(?:me)? de )?baja(?: por favor)?[.! ]{0,4}$",
        r"^(?:stop|unsubscribe|cancelar suscripcion|desuscribir\w*|eliminar|borrar)[.! ]{0,4}$",
        r"\b(?:dar(?:me|nos)?|denme|deme|dame|darse|dadme) de baja\b|\bdesuscrib\w+\b",
        r"\bcancel\w+ (?:mi |la )?suscripcion\b",
        (
            r"\b(?:elimin\w+|quit\w+|borr\w+|saqu\w+|sacad(?:me|nos)|sacame|retir\w+)\b[^.!?\n]{0,40}\b(?:lista|"
            r"base de datos|listado|direccion|correo|datos|registros|ficheros)\b"
        ),
        r"\bsupresion\b[^.!?\n]{0,30}\bdatos\b",
        r"\b(?:eliminenme|quitenme|borrenme|saquenme|eliminame|borrame|quitame)\b",
        (
            r"\b(?:dejen|deja|dejad|deje|paren|pare|para ya) de\b[^.!?\n]{0,30}\b(?:envi\w+|mandar\w*|escrib\w+|"
            r"molest\w+|contact\w+|spam\w*)\b"
        ),
        (
            r"\bno (?:me |nos )?(?:vuelv\w+ a |quiero |deseo |queremos |deseamos |quisiera )"
            r"[^.!?\n]{0,20}\b(?:escrib\w+|contact\w+|recibir|envi\w+|mandar\w*|llamar\w*|mas (?:correos?|e-?mails?|"
            r"mensajes))\b"
        ),
        (
            r"\bno (?:me|nos) (?:escrib\w+|contact\w+|envi\w+|mand\w+)\b[^.!?\n]{0,20}\b(?:mas|de nuevo|otra vez|"
            r"nunca)\b"
        ),
        r"\bno mas (?:correos?|e-?mails?|mensajes)\b|\b(?:dejame|dejenme|dejadme|dejeme) en paz\b|\besto es spam\b",
        r"\bderecho (?:de supresion|al olvido|de oposicion)\b|\bme opongo\b|\bdenunci\w+\b|\bsaquen?me\b",
        r"\bsacad?me\b|\bbasta de\b[^.!?\n]{0,20}\b(?:correos?|e-?mails?|mensajes|spam|publicidad)\b",
        r"\bno (?:quiero|queremos|deseo|deseamos) (?:recibir|mas)\b[^.!?\n]{0,40}",
        r"\b(?:no|ni) (?:autoric\w+|he autorizado|di (?:mi )?permiso|consient\w+)\b",
        r"\bpublicidad no (?:deseada|solicitada)|\bno solicitad\w+\b",
        r"\bbloque\w+\b[^.!?\n]{0,20}\b(?:correo|direccion|remitente)\b",
        r"\bsean tan amables de (?:borrar|eliminar|quitar)\w*",
        r"\bnunca (?:he dado|di|autorice|he autorizado|solicite|me suscribi|pedi)\b[^.!?\n]{0,40}",
        r"\bsin (?:mi|nuestro) (?:consentimiento|permiso|autorizacion)\b",
        r"\bno (?:me )?vuelv\w+ a (?:contact\w+|escrib\w+|enviar\w*|llamar\w*|molest\w+)\b|\bacoso\b",
        r"\bagencia de proteccion de datos\b",
    ),
    undecided=(
        r"\b(?:no llevo|no soy (?:yo )?(?:la persona|quien|el|la)|no es mi (?:area|tema))\b",
        r"\b(?:habla|hable|contacte|contacta|escriba|escribe) (?:con|a) [a-z]+\b",
        (
            r"\b(?:escribeme|escribame|contactame|contacteme|llamame|vuelve a)\b[^.!?\n]{0,30}\b(?:otra vez|"
            r"de nuevo|en (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep\w+|octubre|noviembre|diciembre|"
            r"otono|unos))\b"
        ),
        r"\bmas adelante\b|\b(?:lo pensare|pensarlo|hablarlo con|consultarlo|preguntare|tengo que hablar\w*)\b",
        r"\bquien (?:eres|es usted|sois)\b|\bde donde (?:han|has|habeis|ha)\b|\b(?:he|hemos) (?:pasado|reenviado)\b",
        r"\bse lo he pasado\b|\bde que se trata\b|\b(?:lo lleva|se encarga|se ocupa)\b[^.!?\n]{0,30}",
        r"\bdespues (?:del verano|de vacaciones|de navidad|de semana santa)\b",
        r"\bhablamos (?:despues|en|mas adelante|tras)\b|\breenvi\w+\b|\bquien es usted\b",
        r"\b(?:quizas?|tal vez) (?:en|mas|el)\b|\blo traslado\b|\bquien (?:le|te) ha dado\b",
    ),
    yes_in_spite_of_no=(
        r"\bno (?:tengo |hay |tenemos |veo )?(?:inconveniente|problema|objecion)\b|\bpor que no\b",
        r"\bno (?:me|nos) importaria\b|\bno (?:esta|suena|es) (?:nada )?mal\b|\bno dud\w+\b",
        r"\bsin (?:problema|compromiso)\b|\bno solo\b|\bcomo no\b",
    ),
    negators=(
        "no",
        "nunca",
        "jamas",
        "sin",
        "ni",
        "tampoco",
        "ningun(?:a|o)?",
    ),
    but=(
        "pero",
        "sin embargo",
        "aunque",
        "no obstante",
    ),
    away=(
        r"\bfuera de (?:la |mi )?(?:oficina|despacho|consulta)\b|\bausente\b|\bde vacaciones\b|\bde viaje\b",
        r"\bviajando\b|\bde baja (?:por|medica|maternal|laboral)\b|\bbaja por (?:maternidad|paternidad|enfermedad)\b",
        r"\ben (?:un congreso|una formacion|reuniones)\b|\bde permiso\b",
        r"\bno (?:estoy|estare) (?:en la oficina|disponible|localizable)\b",
        (
            r"\b(?:vuelvo|volvere|regreso|regresare|me reincorporo|me reincorporare|estare de vuelta|"
            r"estaremos de vuelta|de vuelta)\b"
        ),
        r"\ba mi (?:vuelta|regreso)\b|\ben mi ausencia\b",
        r"\b(?:oficina|clinica|consulta|empresa|despacho|centro|tienda)\b[^.!?\n]{0,40}\bcerrad[oa]\b",
        r"\bacceso limitado\b|\bsin acceso al correo\b",
        r"\bno estar(?:e|emos)\b[^.!?\n]{0,20}\b(?:disponible|en la oficina|localizable|operativ\w)\b",
        r"\bdias? libres?\b|\bdias de descanso\b|\bpuente\b[^.!?\n]{0,20}|\bregreso (?:el|la|en)\b",
        r"\bcerrad[oa]s?\b[^.!?\n]{0,20}\b(?:por|hasta|del)\b|\benferm[oa]\b|\bhospitalizad\w+\b|\ba la vuelta\b",
        r"\ben una feria\b|\btiempo indefinido\b",
    ),
    past=(r"\b(?:estuve|estaba|estabamos|estuvimos|pasada|pasado|perdon[ae]?|disculp\w+|acabo de volver)\b",),
    automatic=(
        r"\brespuesta automatica\b|\bfuera de (?:la )?oficina\b|\bausente\b|\bausencia\b|\brespuesta de ausencia\b",
        r"\bmensaje automatico\b|\bde vacaciones\b|\bautorespuesta\b",
    ),
    gone=(
        r"\bya no (?:trabaja|forma parte|esta|pertenece|labora)\b",
        r"\bha dejado (?:la empresa|la compania|de trabajar)\b|\bse ha jubilado\b|\bdejo la empresa\b",
    ),
    received=(
        r"\b(?:hemos|he) recibido (?:su|tu|vuestro)\b",
        (
            r"\b(?:su|tu) (?:mensaje|solicitud|consulta|correo)\b[^.!?\n]{0,30}\b(?:ha sido|fue) (?:recibid|"
            r"registrad)\w+"
        ),
        r"\bgracias por (?:contactar|ponerse en contacto|ponerte en contacto|escribirnos)\b",
        r"\b(?:responderemos|contestaremos)\b[^.!?\n]{0,40}\b(?:antes posible|brevedad|horas)\b",
        r"\ba la mayor brevedad\b|\bno responda a este\b|\bacuse de recibo\b",
    ),
    back=(r"\b(?:vuelv\w+|volver\w*|regres\w+|reincorpor\w+|de vuelta|a partir del?|reapertura|disponible desde)\b",),
    until=(r"\bhasta(?: el)?\b",),
    inclusive=(r"\b(?:inclusive|incluido|inclusivo)\b",),
    tomorrow=(r"(?<!la )(?<!esta )(?<!una )\bmanana\b",),
    next_week=(r"\bla (?:proxima semana|semana que viene)\b|\bproxima semana\b",),
    quote=(
        r"^el\b.{4,200}\bescribio\s*:?$|^-{2,}\s*mensaje (?:original|reenviado)|^inicio del mensaje reenviado",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> escribio:$",
    ),
    from_header=(
        "de",
        "enviado",
        "enviado el",
        "para",
        "asunto",
        "fecha",
        "cc",
    ),
    closing=(
        (
            r"(?:un |muchos |cordiales |atentos |afectuosos )*(?:saludos?|abrazos?|besos?)(?: cordial(?:es)?|"
            r" y gracias)?"
        ),
        r"atentamente|atte|cordialmente|gracias(?: de antemano| y un saludo| y saludos)?|muchas gracias",
        r"quedo a (?:la espera|su disposicion).{0,60}|que tenga.{0,40}",
    ),
    device=(
        r"enviado (?:desde|con)\b|obtener outlook",
        r"este (?:mensaje|correo)(?: .{0,60})? (?:es|puede|contiene|va dirigido)|aviso (?:legal|de confidencialidad)",
    ),
)
