"""Spanish."""

from apps.cam.rules.languages.phrases import Language

SPANISH = Language(
    locale="es",
    interest=(
        r"\b(?:me|nos) interesa(?:n|ria|rian)?\b|\binteresad[oa]s?\b|\bte interesa\b(?=\W*$)|\bme (?:gusto|gusta|encaja|viene bien|parece bien|cuadra)\b|\bnos (?:encaja|cuadra|viene bien|gusta)\b|\bme ha gustado\b|\bsuena (?:muy )?(?:bien|interesante)\b|\btiene buena pinta\b",
        r"\b(?:podemos|podriamos|podria|puedes|puede|podeis|pueden)\b[^.!?\n]{0,30}\b(?:hablar|llamar\w*|reunir\w*|vernos|quedar|agendar|enviar\w*|mandar\w*|pasar\w*|explicar\w*)\b|\bhablemos\b|\bagendemos\b|\bquedemos\b|\breunamonos\b|\bconcertar\b",
        r"\b(?:mandame|enviame|manda|envia|mandadme|enviadme|envieme|enviennos|envienos|mandenos|pasame|paseme|pasanos)\b[^.!?\n]{0,40}\b(?:info\w*|detalles|presupuesto|propuesta|tarifas?|precios?|ejemplos|dossier|invitacion|mas)\b|\bmas (?:informacion|info|detalles)\b|\ba la espera de su (?:propuesta|presupuesto)|\bcuentame\b|\bcuenteme\b|\bcontadme\b",
        r"\b(?:cuanto|que precio|que tarifas?|que coste|cual (?:es|seria) (?:el |su )?(?:precio|coste|tarifa))\b[^.!?\n]{0,40}|\b(?:siguiente|proximo)s? pasos?\b",
        r"\b(?:llamame|llameme|llamenos|llamadme|telefoneame)\b",
        r"\b(?:una )?(?:demo|demostracion)\b|\bque dia\b|\bcuando (?:te|le|os|les|puedes|podemos|podria)\b|\bpropon\w*\b[^.!?\n]{0,20}\b(?:fecha|dia|hora)\b|\bmi (?:enlace|calendario|agenda)\b|\benlace para reservar\b|\breunion\b(?=[^.!?\n]{0,30}(?:martes|lunes|miercoles|jueves|viernes|semana|\?|manana|bien))",
        r"\b(?:claro que si|por supuesto|adelante|encantad[oa]s?|perfecto|genial|de acuerdo,|vamos a ello|por que no|hagamoslo)\b",
        r"\b(?:buscando|buscamos)\b[^.!?\n]{0,30}\b(?:alguien|agencia|proveedor|partner|quien)\b|\bcomparando\b[^.!?\n]{0,30}\bagencias\b|\b(?:teneis|tienen|tienes) (?:ejemplos|referencias|casos)\b|\bte escuchamos\b|\bgustaria\b[^.!?\n]{0,30}\b(?:ver|saber|conocer|hablar|tener|recibir(?! mas correos))\b",
        r"^(?:si|ok,? vamos)\b(?!n)",
    ),
    refusal=(
        r"\bno,? ?(?:muchas )?gracias\b|\bgracias,? (?:pero )?no\b|^no\b[.! ]{0,3}$|\bpaso\b[,.]|\bpaso de\b",
        r"\bno\b[^.!?\n]{0,25}\b(?:interesad[oa]s?|interesa|interese|necesit\w+|encaja|procede|contamos con presupuesto|tenemos presupuesto|hay presupuesto|tengo presupuesto|tenemos interes|lo vemos|me convence|nos convence|cuadra|buscamos|queremos|quiero|deseo|podemos permitir\w*)\b|\bsin (?:interes|presupuesto)\b|\bningun interes\b",
        r"\b(?:ya|actualmente)\b[^.!?\n]{0,30}\b(?:trabajamos|tenemos|contamos|trabajo)\b[^.!?\n]{0,30}\b(?:agencia|proveedor|equipo|empresa|partner)\b|\bmuy (?:contentos|satisfechos)\b",
        r"\binternamente\b|\bnosotros mismos\b|\ben casa\b",
        r"\brechaz\w+\b|\bdeclin\w+\b|\bdecir que no\b|\bno vamos a\b|\bno (?:seguir|seguimos|avanzar|continuar)\b|\bdescart\w+\b",
        r"\b(?:demasiado|muy) car[oa]\b|\bfuera de (?:nuestro )?presupuesto\b|\bno nos lo podemos permitir\b",
        r"\botr[oa] (?:proveedor|agencia|empresa|opcion)\b|\bno es (?:para nosotros|lo que|el momento)\b|\b(?:por ahora|de momento) no\b|\bsuerte\b",
    ),
    unsubscribe=(
        r"^(?:por favor,? )?(?:dar(?:me)? de )?baja(?: por favor)?[.! ]{0,4}$|^(?:stop|unsubscribe|cancelar suscripcion|desuscribir\w*|eliminar|borrar)[.! ]{0,4}$",
        r"\b(?:dar(?:me|nos)?|denme|deme|dame|darse|dadme) de baja\b|\bdesuscrib\w+\b|\bcancel\w+ (?:mi |la )?suscripcion\b",
        r"\b(?:elimin\w+|quit\w+|borr\w+|saqu\w+|sacad(?:me|nos)|sacame|retir\w+)\b[^.!?\n]{0,40}\b(?:lista|base de datos|listado|direccion|correo|datos|registros|ficheros)\b|\bsupresion\b[^.!?\n]{0,30}\bdatos\b|\b(?:eliminenme|quitenme|borrenme|saquenme|eliminame|borrame|quitame)\b",
        r"\b(?:dejen|deja|dejad|deje|paren|pare|para ya) de\b[^.!?\n]{0,30}\b(?:envi\w+|mandar\w*|escrib\w+|molest\w+|contact\w+|spam\w*)\b",
        r"\bno (?:me |nos )?(?:vuelv\w+ a |quiero |deseo |queremos |deseamos |quisiera )[^.!?\n]{0,20}\b(?:escrib\w+|contact\w+|recibir|envi\w+|mandar\w*|llamar\w*|mas (?:correos?|e-?mails?|mensajes))\b|\bno (?:me|nos) (?:escrib\w+|contact\w+|envi\w+|mand\w+)\b[^.!?\n]{0,20}\b(?:mas|de nuevo|otra vez|nunca)\b|\bno mas (?:correos?|e-?mails?|mensajes)\b",
        r"\b(?:dejame|dejenme|dejadme|dejeme) en paz\b|\besto es spam\b|\bderecho (?:de supresion|al olvido|de oposicion)\b|\bme opongo\b|\bdenunci\w+\b",
    ),
    undecided=(
        r"\b(?:no llevo|no soy (?:yo )?(?:la persona|quien|el|la)|no es mi (?:area|tema))\b|\b(?:habla|hable|contacte|contacta|escriba|escribe) (?:con|a) [a-z]+\b",
        r"\b(?:escribeme|escribame|contactame|contacteme|llamame|vuelve a)\b[^.!?\n]{0,30}\b(?:otra vez|de nuevo|en (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep\w+|octubre|noviembre|diciembre|otono|unos))\b|\bmas adelante\b",
        r"\b(?:lo pensare|pensarlo|hablarlo con|consultarlo|preguntare|tengo que hablar\w*)\b|\bquien (?:eres|es usted|sois)\b|\bde donde (?:han|has|habeis|ha)\b|\b(?:he|hemos) (?:pasado|reenviado)\b|\bse lo he pasado\b",
    ),
    yes_in_spite_of_no=(
        r"\bno (?:tengo |hay |tenemos |veo )?(?:inconveniente|problema|objecion)\b|\bpor que no\b|\bno (?:me|nos) importaria\b|\bno (?:esta|suena|es) (?:nada )?mal\b|\bno dud\w+\b|\bsin (?:problema|compromiso)\b|\bno solo\b|\bcomo no\b",
    ),
    negators=(r"no", r"nunca", r"jamas", r"sin", r"ni", r"tampoco", r"ningun(?:a|o)?"),
    but=("pero", "sin embargo", "aunque", "lamentablemente", "desgraciadamente", "no obstante"),
    away=(
        r"\bfuera de (?:la |mi )?(?:oficina|despacho|consulta)\b|\bausente\b|\bde vacaciones\b|\bde viaje\b|\bviajando\b|\bde baja (?:por|medica|maternal|laboral)\b|\bbaja por (?:maternidad|paternidad|enfermedad)\b|\ben (?:un congreso|una formacion|reuniones)\b|\bde permiso\b",
        r"\bno (?:estoy|estare) (?:en la oficina|disponible|localizable)\b|\b(?:vuelvo|volvere|regreso|regresare|me reincorporo|me reincorporare|estare de vuelta|estaremos de vuelta|de vuelta)\b|\ba mi (?:vuelta|regreso)\b|\ben mi ausencia\b",
        r"\b(?:oficina|clinica|consulta|empresa|despacho|centro|tienda)\b[^.!?\n]{0,40}\bcerrad[oa]\b|\bacceso limitado\b|\bsin acceso al correo\b",
    ),
    past=(r"\b(?:estuve|estaba|estabamos|estuvimos|pasada|pasado|perdon[ae]?|disculp\w+|acabo de volver)\b",),
    automatic=(
        r"\brespuesta automatica\b|\bfuera de (?:la )?oficina\b|\bausente\b|\bausencia\b|\brespuesta de ausencia\b|\bmensaje automatico\b|\bde vacaciones\b|\bautorespuesta\b",
    ),
    gone=(
        r"\bya no (?:trabaja|forma parte|esta|pertenece|labora)\b|\bha dejado (?:la empresa|la compania|de trabajar)\b|\bse ha jubilado\b|\bdejo la empresa\b",
    ),
    received=(
        r"\b(?:hemos|he) recibido (?:su|tu|vuestro)\b|\b(?:su|tu) (?:mensaje|solicitud|consulta|correo)\b[^.!?\n]{0,30}\b(?:ha sido|fue) (?:recibid|registrad)\w+|\bgracias por (?:contactar|ponerse en contacto|ponerte en contacto|escribirnos)\b|\b(?:responderemos|contestaremos)\b[^.!?\n]{0,40}\b(?:antes posible|brevedad|horas)\b|\ba la mayor brevedad\b|\bno responda a este\b|\bacuse de recibo\b",
    ),
    back=(r"\b(?:vuelv\w+|volver\w*|regres\w+|reincorpor\w+|de vuelta|a partir del?|reapertura|disponible desde)\b",),
    until=(r"\bhasta(?: el)?\b",),
    inclusive=(r"\b(?:inclusive|incluido|inclusivo)\b",),
    tomorrow=(r"(?<!la )(?<!esta )(?<!una )\bmanana\b",),
    next_week=(r"\bla (?:proxima semana|semana que viene)\b|\bproxima semana\b",),
    quote=(
        r"^el\b.{4,200}\bescribio\s*:?$",
        r"^-{2,}\s*mensaje (?:original|reenviado)",
        r"^inicio del mensaje reenviado",
        r"^.{0,80}<[^<>\s]+@[^<>\s]+> escribio:$",
    ),
    from_header=("de", "enviado", "enviado el", "para", "asunto", "fecha", "cc"),
    closing=(
        r"(?:un |muchos |cordiales |atentos |afectuosos )*(?:saludos?|abrazos?|besos?)(?: cordial(?:es)?| y gracias)?|atentamente|atte|cordialmente|gracias(?: de antemano| y un saludo| y saludos)?|muchas gracias|quedo a (?:la espera|su disposicion).{0,60}|que tenga.{0,40}",
    ),
    device=(
        r"enviado (?:desde|con)\b",
        r"obtener outlook",
        r"este (?:mensaje|correo)(?: .{0,60})? (?:es|puede|contiene|va dirigido)",
        r"aviso (?:legal|de confidencialidad)",
    ),
)
