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
    but=("pero", "sin embargo", "aunque", "lamentablemente", "desgraciadamente", "no obstante"),
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
