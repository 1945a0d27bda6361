//! What the studio says, English and Spanish side by side: a text that lacks one of them does not compile.

use crate::words::{Language, language};

macro_rules! texts {
    ($($(#[$about:meta])* $name:ident: $en:literal | $es:literal;)+) => {
        /// Every text of the studio.
        #[derive(Debug)]
        pub(crate) struct Texts {
            $($(#[$about])* pub(crate) $name: &'static str,)+
        }

        static EN: Texts = Texts { $($name: $en,)+ };
        static ES: Texts = Texts { $($name: $es,)+ };
    };
}

/// The texts in the language that everything is written in now.
pub(crate) fn texts() -> &'static Texts {
    match language() {
        Language::En => &EN,
        Language::Es => &ES,
    }
}

texts! {
    // Around everything
    studio: "Studio" | "Estudio";
    results: "Results" | "Resultados";
    main_navigation: "Main" | "Principal";
    without_account: "Try it without an account" | "Probar sin una cuenta";
    without_note: "What you build stays in this browser; you can download it. To publish, sign in." | "Lo que construyas se queda en este navegador, y lo puedes descargar. Para publicar, inicia sesión.";
    take_along: "Take it to my site" | "Llevarla a mi sitio";
    close: "Close" | "Cerrar";
    cancel: "Cancel" | "Cancelar";
    copy: "Copy" | "Copiar";
    copied: "Copied" | "Copiado";
    not_copied: "The browser does not allow it: select the text and copy it" | "El navegador no lo permite: selecciona el texto y cópialo";
    forbidden: "Your role on this site does not allow that. Ask an owner of the site." | "Tu rol en este sitio no lo permite. Pídeselo a quien administra el sitio.";

    // The list
    surveys: "Surveys" | "Encuestas";
    surveys_lead: "What you ask on {}." | "Lo que preguntas en {}.";
    site: "Site" | "Sitio";
    new_survey: "New survey" | "Nueva encuesta";
    find: "Find a survey" | "Buscar una encuesta";
    nothing_found: "No survey is called like that." | "Ninguna encuesta se llama así.";
    all_states: "All" | "Todas";
    state_draft: "Draft" | "Borrador";
    state_running: "Running" | "Activa";
    state_paused: "Paused" | "En pausa";
    state_ended: "Ended" | "Terminada";
    state_archived: "Archived" | "Archivada";
    states_draft: "Drafts" | "Borradores";
    states_running: "Running" | "Activas";
    states_paused: "Paused" | "En pausa";
    states_ended: "Ended" | "Terminadas";
    states_archived: "Archived" | "Archivadas";
    full_today: "Enough answers for today" | "Suficientes respuestas por hoy";
    version: "Version {}" | "Versión {}";
    never_published: "Never published" | "Sin publicar";
    has_draft: "Changes not published" | "Cambios sin publicar";
    from_folder: "A file of the server" | "Un archivo del servidor";
    recently: "{} days: {}" | "{} días: {}";
    answer_rate: "{} answer" | "contesta el {}";
    last_answer: "Last answer {}" | "Última respuesta: {}";
    seen_ago: "Tag seen {}" | "Etiqueta vista {}";
    share: "Share" | "Compartir";
    duplicate: "Duplicate" | "Duplicar";
    pause: "Pause" | "Pausar";
    resume: "Resume" | "Reanudar";
    end: "End" | "Terminar";
    archive: "Archive" | "Archivar";
    restore: "Restore" | "Restaurar";
    done_paused: "{} is paused: pages stop asking within a minute." | "{} está en pausa: las páginas dejan de preguntar en menos de un minuto.";
    done_running: "{} is running: pages ask within a minute." | "{} está activa: las páginas preguntan en menos de un minuto.";
    done_ended: "{} has ended. You can resume it." | "{} terminó. Puedes reanudarla.";
    done_archived: "{} is archived. You can restore it." | "{} está archivada. Puedes restaurarla.";
    done_restored: "{} is back." | "{} está de vuelta.";
    done_copied: "{} is a draft of its own." | "{} es un borrador propio.";
    show_more: "Show {} more" | "Mostrar {} más";
    copy_of: "{} (copy)" | "{} (copia)";
    remove_local: "Remove" | "Quitar";
    done_removed: "{} is gone." | "{} ya no está.";

    // A new one
    empty_title: "When do you want to ask?" | "¿Cuándo quieres preguntar?";
    empty_lead: "Choose a moment. The questions are there already, and you can change every word." | "Elige un momento. Las preguntas ya están, y puedes cambiar cada palabra.";
    blank: "Empty survey" | "Encuesta vacía";
    open_file: "Open a file…" | "Abrir un archivo…";
    not_a_survey: "This file is no survey: {}" | "Este archivo no es una encuesta: {}";
    creating: "Making the draft…" | "Creando el borrador…";
    first_question: "What do you want to know?" | "¿Qué quieres saber?";

    // The editor
    questions: "Questions" | "Preguntas";
    when_where: "When and where" | "Cuándo y dónde";
    look: "Look" | "Aspecto";
    languages: "Languages" | "Idiomas";
    file: "File" | "Archivo";
    versions: "Versions" | "Versiones";
    publish: "Publish" | "Publicar";
    back_to_surveys: "Surveys" | "Encuestas";
    rename: "Rename" | "Cambiar el nombre";
    name: "Name" | "Nombre";
    name_hint: "Only you and your colleagues read it." | "Solo lo leen tú y tu equipo.";
    undo: "Undo" | "Deshacer";
    redo: "Redo" | "Rehacer";
    saved: "Saved" | "Guardado";
    saving: "Saving…" | "Guardando…";
    unsaved: "Not saved yet" | "Sin guardar todavía";
    kept_here: "Kept in this browser" | "Guardado en este navegador";
    kept_network: "The collector cannot be reached: your changes are kept in this browser and saved as soon as it answers." | "No se puede llegar al servidor: tus cambios quedan en este navegador y se guardan en cuanto responda.";
    kept_session: "Your session has ended. Your changes are kept in this browser: sign in to save them." | "Tu sesión terminó. Tus cambios quedan en este navegador: inicia sesión para guardarlos.";
    not_saved: "Not saved: {}" | "No se guardó: {}";
    problems_one: "1 thing to mend" | "1 cosa por arreglar";
    problems_many: "{} things to mend" | "{} cosas por arreglar";
    no_problems: "Nothing to mend" | "Nada por arreglar";
    ways: "The ways through it" | "Los caminos";

    kind: "Kind" | "Tipo";
    kind_likert: "Scale" | "Escala";
    kind_yes_no: "Yes or no" | "Sí o no";
    kind_nps: "Recommendation, 0 to 10 (NPS)" | "Recomendación, de 0 a 10 (NPS)";
    kind_choice: "One of several" | "Una de varias";
    kind_choices: "Several of them" | "Varias a la vez";
    kind_text: "Own words" | "Palabras propias";
    words_of: "What visitors read" | "Lo que leen las visitas";
    picture: "Picture" | "Imagen";
    picture_of_option: "Picture of option {}" | "Imagen de la opción {}";
    logo: "Logo" | "Logotipo";
    picture_src: "Address of the picture" | "Dirección de la imagen";
    picture_words: "The picture in words" | "La imagen en palabras";
    picture_alt: "Read to those who do not see it." | "Se lee a quienes no la ven.";
    picture_alt_option: "Read to those who do not see it; empty where the option says the same." | "Se lee a quienes no la ven; vacío si la opción ya lo dice.";
    description: "Description" | "Descripción";
    description_hint: "Smaller, below the question. [words](https://…) is a link." | "Más pequeña, bajo la pregunta. [palabras](https://…) es un enlace.";
    required: "Must be answered" | "Respuesta obligatoria";
    scale: "Points" | "Puntos";
    looks_like: "Looks like" | "Se ve como";
    look_numbers: "Numbers" | "Números";
    look_labels: "Words" | "Palabras";
    look_faces: "Faces" | "Caritas";
    look_stars: "Stars" | "Estrellas";
    look_thumbs: "Thumbs" | "Pulgares";
    low_end: "Low end" | "Extremo bajo";
    high_end: "High end" | "Extremo alto";
    point_word: "Word of point {}" | "Palabra del punto {}";
    options: "Options" | "Opciones";
    option: "Option {}" | "Opción {}";
    add_option: "Add an option" | "Agregar una opción";
    paste_options: "Paste a list" | "Pegar una lista";
    paste_hint: "One option a line. They take the place of the options above." | "Una opción por línea. Toman el lugar de las opciones de arriba.";
    paste_take: "Use these" | "Usar estas";
    remove_option: "Remove option {}" | "Quitar la opción {}";
    option_up: "Move option {} up" | "Subir la opción {}";
    option_down: "Move option {} down" | "Bajar la opción {}";
    other: "Own answer" | "Respuesta propia";
    other_none: "None" | "No";
    other_option: "“Other” as an option" | "«Otro» como opción";
    other_text: "“Other” with a field for words" | "«Otro» con un campo para escribir";
    shuffle: "In another order for each visitor" | "En otro orden para cada visita";
    min: "At least" | "Como mínimo";
    max: "At most" | "Como máximo";
    lines: "Lines" | "Líneas";
    placeholder: "Hint inside the field" | "Pista dentro del campo";
    text_format: "What is written" | "Qué se escribe";
    format_plain: "Anything" | "Cualquier cosa";
    format_email: "An e-mail address" | "Una dirección de correo";
    metric: "Counts as" | "Cuenta como";
    metric_none: "No number" | "Ningún número";
    then: "Then" | "Después";
    then_next: "the next question" | "la siguiente pregunta";
    then_end: "the end" | "el final";
    add_way: "Add “if … then go to”" | "Agregar «si … entonces ir a»";
    way_if: "If the answer is" | "Si la respuesta es";
    way_go: "go to" | "ir a";
    way_otherwise: "otherwise, go to" | "si no, ir a";
    remove_way: "Remove this way" | "Quitar este camino";
    at_most: "{} or less" | "{} o menos";
    at_least: "{} or more" | "{} o más";
    skipped: "skipped" | "omitida";
    add_question: "Add a question" | "Agregar una pregunta";
    remove_question: "Remove question {}" | "Quitar la pregunta {}";
    duplicate_question: "Duplicate question {}" | "Duplicar la pregunta {}";
    move_up: "Move question {} up" | "Subir la pregunta {}";
    move_down: "Move question {} down" | "Bajar la pregunta {}";
    drag: "Drag question {}" | "Arrastrar la pregunta {}";
    moved: "Question {} is number {} now." | "La pregunta {} ahora es la número {}.";
    from_template: "These questions come with the template, in every language that it speaks. To change them, make them yours: in English and Spanish. Visitors of other languages then read the first of these two, until you add theirs." | "Estas preguntas vienen con la plantilla, en todos sus idiomas. Para cambiarlas, hazlas tuyas: en español e inglés. Las visitas en otros idiomas leerán entonces el primero de los dos, hasta que añadas el suyo.";
    make_own: "Make them mine" | "Hacerlas mías";

    thanks: "After the last question" | "Después de la última pregunta";
    thanks_words: "Thank-you" | "Agradecimiento";
    thanks_hint: "Left empty, visitors read a short thank-you in their language." | "Si queda vacío, las visitas leen un breve agradecimiento en su idioma.";
    ending: "Ending {}" | "Final {}";
    add_ending: "Add an ending" | "Agregar un final";
    remove_ending: "Remove ending {}" | "Quitar el final {}";
    ending_text: "What visitors read at the end" | "Lo que leen al final";
    button_text: "Button" | "Botón";
    button_url: "The button leads to" | "El botón lleva a";
    redirect: "Then leads on to" | "Después lleva a";

    // When, where, whom, how often
    when: "When" | "Cuándo";
    moment: "What makes it due" | "Qué hace que se muestre";
    moment_load: "The page has loaded" | "La página cargó";
    moment_first: "The first visit" | "La primera visita";
    moment_visit: "A later visit" | "Una visita posterior";
    moment_event: "An event of the page" | "Un evento de la página";
    moment_click: "A click" | "Un clic";
    moment_submit: "A form is sent" | "Se envía un formulario";
    moment_visible: "Something comes into view" | "Algo aparece a la vista";
    moment_scroll: "So much of the page is read" | "Se leyó cierta parte de la página";
    moment_exit: "Somebody is about to leave" | "Alguien está por irse";
    moment_idle: "Nobody has moved for a while" | "Nadie se mueve por un rato";
    moment_dwell: "Time spent on the page" | "Tiempo en la página";
    moment_chat: "A chat ends" | "Termina un chat";
    moment_manual: "Only a link or your code" | "Solo un enlace o tu código";
    moment_own: "Several, as the file says" | "Varias, como dice el archivo";
    moment_default: "As the template does" | "Como la plantilla";
    event_name: "Name of the event" | "Nombre del evento";
    selector: "Which element (CSS selector)" | "Qué elemento (selector CSS)";
    seconds: "Seconds" | "Segundos";
    share_of_page: "Percent of the page" | "Porcentaje de la página";
    visit_number: "Number of the visit" | "Número de la visita";
    trigger_words: "Triggers, as the file writes them" | "Disparadores, como los escribe el archivo";
    delay: "Then wait (seconds)" | "Después esperar (segundos)";
    where_: "Where" | "Dónde";
    where_hint: "One pattern a line: /checkout/** is all below it, ! leaves pages out. Empty means every page with the tag." | "Un patrón por línea: /checkout/** es todo lo que está debajo, ! excluye páginas. Vacío significa todas las páginas con la etiqueta.";
    pages: "Pages" | "Páginas";
    pages_seen: "Pages where your tag was seen" | "Páginas donde se vio tu etiqueta";
    add_page: "Add {}" | "Agregar {}";
    whom: "Whom" | "A quién";
    whom_hint: "All of these must hold. A name alone: it is there." | "Todas deben cumplirse. Un nombre solo: está presente.";
    condition: "Condition {}" | "Condición {}";
    condition_name: "What" | "Qué";
    condition_is: "is" | "es";
    condition_value: "Value" | "Valor";
    add_condition: "Add a condition" | "Agregar una condición";
    remove_condition: "Remove condition {}" | "Quitar la condición {}";
    op_there: "is there" | "está";
    op_not_there: "is not there" | "no está";
    op_equal: "is" | "es";
    op_not_equal: "is not" | "no es";
    op_less: "is less than" | "es menor que";
    op_at_most: "is at most" | "es como máximo";
    op_more: "is more than" | "es mayor que";
    op_at_least: "is at least" | "es como mínimo";
    op_contains: "contains" | "contiene";
    devices: "Devices" | "Dispositivos";
    device_mobile: "Phones" | "Teléfonos";
    device_tablet: "Tablets" | "Tabletas";
    device_desktop: "Computers" | "Computadoras";
    sample: "Share of visitors" | "Parte de las visitas";
    sample_hint: "Of a hundred visitors, so many are ever asked." | "De cada cien visitas, a cuántas se les pregunta.";
    how_often: "How often" | "Cada cuánto";
    recontact: "Ask again who answered" | "Volver a preguntar a quien respondió";
    snooze: "Ask again who closed it" | "Volver a preguntar a quien la cerró";
    often_default: "As usual ({})" | "Lo usual ({})";
    often_always: "Always" | "Siempre";
    often_never: "Never" | "Nunca";
    often_days: "After {} days" | "Después de {} días";
    often_why: "90 days and 14 days are usual: who is asked more often answers less, and worse." | "90 y 14 días es lo usual: a quien se le pregunta más seguido responde menos, y peor.";
    runs_from: "Runs from" | "Desde";
    runs_until: "until" | "hasta";

    // The look
    accent: "Colour" | "Color";
    accent_usual: "The usual one" | "El usual";
    radius: "Corners" | "Esquinas";
    theme: "Light or dark" | "Claro u oscuro";
    theme_auto: "As the visitor's system" | "Como el sistema de la visita";
    theme_light: "Light" | "Claro";
    theme_dark: "Dark" | "Oscuro";
    display: "How it stands on the page" | "Cómo está en la página";
    display_popover: "A card in a corner" | "Una tarjeta en una esquina";
    display_dialog: "In front of the page" | "Delante de la página";
    display_bar: "A strip along an edge" | "Una franja en un borde";
    display_tab: "A small button that opens it" | "Un botón pequeño que la abre";
    display_inline: "In the flow of the page" | "Dentro de la página";
    display_page: "The whole window" | "Toda la ventana";
    position: "Where on the window" | "Dónde en la ventana";
    position_bottom_right: "Bottom right" | "Abajo a la derecha";
    position_bottom_left: "Bottom left" | "Abajo a la izquierda";
    position_top_right: "Top right" | "Arriba a la derecha";
    position_top_left: "Top left" | "Arriba a la izquierda";
    position_bottom: "Bottom" | "Abajo";
    position_top: "Top" | "Arriba";
    position_center: "Center" | "Centro";

    // Languages
    languages_of_template: "The questions are the template's, and are asked in {} languages already. Make them mine, beside the questions, to word them yourself." | "Las preguntas son de la plantilla y ya se hacen en {} idiomas. Para redactarlas a tu manera, usa «Hacerlas mías», junto a las preguntas.";
    languages_lead: "Visitors read the survey in one language. Where a text is missing, they read the first one that is there." | "Las visitas leen la encuesta en un idioma. Donde falta un texto, leen el primero que haya.";
    add: "Add" | "Agregar";
    add_language: "Add a language" | "Agregar un idioma";
    missing: "missing" | "falta";
    missing_count: "{} missing" | "faltan {}";
    complete: "complete" | "completo";
    csv_out: "Download as CSV" | "Descargar como CSV";
    csv_in: "Open a CSV" | "Abrir un CSV";
    csv_taken: "{} texts taken over." | "Se tomaron {} textos.";
    table_of_texts: "All texts" | "Todos los textos";
    text_of: "Text" | "Texto";

    // The file
    file_lead: "This is the survey file. What you change here changes the form, and the other way round." | "Este es el archivo de la encuesta. Lo que cambies aquí cambia el formulario, y al revés.";
    file_label: "The survey file" | "El archivo de la encuesta";
    file_wrong: "The form waits until this is a survey again: {}" | "El formulario espera a que esto vuelva a ser una encuesta: {}";
    file_discard: "Discard what was typed" | "Descartar lo escrito";
    file_waits: "What was typed into the file is no survey yet, and is not saved." | "Lo que escribiste en el archivo todavía no es una encuesta, y no está guardado.";
    file_back: "Back to the file" | "Volver al archivo";
    download: "Download" | "Descargar";

    // The preview
    to_preview: "To the preview" | "A la vista previa";
    preview: "Preview" | "Vista previa";
    phone: "Phone" | "Teléfono";
    desktop: "Desktop" | "Escritorio";
    dark: "Dark" | "Oscuro";
    right_to_left: "Right to left" | "De derecha a izquierda";
    restart: "Restart" | "Reiniciar";
    preview_wrong: "The preview shows the last state that could be asked." | "La vista previa muestra el último estado que se podía preguntar.";
    preview_language: "Language of the preview" | "Idioma de la vista previa";
    preview_note: "The real widget. Nothing is stored or sent." | "El widget real. No se guarda ni se envía nada.";

    // On one's own page, and test answers
    own_page_title: "On your own page" | "En tu propia página";
    own_page_lead: "Opens your page with this draft in it, for you alone. Nothing is stored or sent, and visitors see nothing of it. The link works for an hour." | "Abre tu página con este borrador, solo para ti. No se guarda ni se envía nada, y las visitas no ven nada. El enlace sirve durante una hora.";
    own_page: "Address of a page with your tag" | "Dirección de una página con tu etiqueta";
    own_page_open: "Open my page" | "Abrir mi página";
    own_page_wrong: "This is no whole address of a page: write it with https://, such as https://shop.example/checkout." | "Esto no es la dirección completa de una página: escríbela con https://, por ejemplo https://shop.example/checkout.";
    own_page_blocked: "The browser does not let a tab open. Allow pop-ups for this page, and try again." | "El navegador no deja abrir una pestaña. Permite las ventanas emergentes de esta página e inténtalo otra vez.";
    test_title: "Test answers" | "Respuestas de prueba";
    test_lead: "Answer as a visitor would: the answer goes all the way to the collector and comes back here, marked as a test. It is in no result." | "Contesta como lo haría una visita: la respuesta llega hasta el colector y vuelve aquí, marcada como prueba. No está en ningún resultado.";
    test_begin: "Give a test answer" | "Dar una respuesta de prueba";
    test_now: "What you answer in the preview now is sent, as a test." | "Lo que contestes ahora en la vista previa se envía, como prueba.";
    test_end: "Stop testing" | "Terminar la prueba";
    test_note: "The real widget. What you answer is sent as a test." | "El widget real. Lo que contestes se envía como prueba.";
    test_none: "No test answer yet." | "Todavía no hay respuestas de prueba.";
    test: "Test" | "Prueba";
    test_delete: "Delete the test answers" | "Borrar las respuestas de prueba";

    // Publishing
    publish_title: "Publish “{}”?" | "¿Publicar «{}»?";
    publish_now: "Publish now" | "Publicar ahora";
    publishing: "Publishing…" | "Publicando…";
    published: "Version {} is published" | "La versión {} está publicada";
    published_lead: "Pages with your tag ask it within a minute. The page itself stays as it is: this one tag is for all surveys of the site, now and later." | "Las páginas con tu etiqueta la muestran en menos de un minuto. La página en sí se queda como está: esta única etiqueta sirve para todas las encuestas del sitio, ahora y después.";
    limit_answers: "End it after so many answers (optional)" | "Terminarla después de tantas respuestas (opcional)";
    limit_wrong: "This is no number of answers: digits alone (try 500), or nothing for no end." | "Esto no es un número de respuestas: solo cifras (prueba 500), o nada para que no termine.";
    sign_in_to_publish: "Sign in to publish" | "Inicia sesión para publicar";
    save_first: "Your last changes are not saved yet." | "Tus últimos cambios todavía no se guardaron.";

    // Versions
    versions_lead: "A published version never changes. Rolling back publishes an old one as a new version." | "Una versión publicada nunca cambia. Volver atrás publica una antigua como versión nueva.";
    no_versions: "Nothing was published yet." | "Todavía no se publicó nada.";
    by_at: "{} by {}" | "{} por {}";
    by_link: "somebody with a sign-in link" | "alguien con un enlace de acceso";
    by_command: "the command line" | "la línea de comandos";
    restored_from: "again version {}" | "otra vez la versión {}";
    difference: "What was different" | "Qué era diferente";
    difference_none: "No difference in what visitors meet." | "Sin diferencia en lo que ven las visitas.";
    roll_back: "Roll back to version {}" | "Volver a la versión {}";
    rolled_back: "Version {} is published, with the words of version {}." | "La versión {} está publicada, con los textos de la versión {}.";
    runs_now: "Running now" | "Activa ahora";

    // Two people
    conflict_title: "Somebody else was faster" | "Alguien fue más rápido";
    conflict_lead: "{} saved this draft at {} while you were editing. Nothing is lost: choose what goes on." | "{} guardó este borrador el {} mientras editabas. No se pierde nada: elige qué sigue.";
    yours: "Yours" | "La tuya";
    theirs: "Theirs" | "La otra";
    take_mine: "Go on with mine" | "Seguir con la mía";
    take_theirs: "Take theirs" | "Tomar la otra";
    what_differs: "What differs" | "Qué difiere";

    // Sharing
    tag_title: "The one tag" | "La única etiqueta";
    tag_lead: "Once, on every page of the site. It asks whatever is published here, and never changes." | "Una vez, en cada página del sitio. Pregunta lo que se publique aquí, y nunca cambia.";
    platform: "Where does your page come from?" | "¿Con qué está hecha tu página?";
    seen_title: "Is it there?" | "¿Ya está?";
    seen_never: "Not seen yet. Open a page with the tag: it appears here within seconds." | "Todavía no se vio. Abre una página con la etiqueta: aparece aquí en segundos.";
    seen_on: "Seen on {} {}" | "Vista en {} {}";
    seen_wrong: "Within a day before, this was wrong there:" | "En el día anterior, esto estaba mal ahí:";
    seen_without: "the tag works there, and did not ask this survey then: it was not published yet, or paused" | "la etiqueta funciona ahí y entonces no preguntaba esta encuesta: aún no estaba publicada, o en pausa";
    link_title: "Link and QR code" | "Enlace y código QR";
    link_lead: "A page with this survey and nothing else: for letters, chats and receipts." | "Una página con esta encuesta y nada más: para cartas, chats y recibos.";
    link_later: "The link and its code are here as soon as the survey is published." | "El enlace y su código estarán aquí en cuanto se publique la encuesta.";
    link_default_only: "Links are for surveys of the site “default”. On other sites, put ?sondeo={} behind the address of a page with the tag." | "Los enlaces son para las encuestas del sitio «default». En otros sitios, pon ?sondeo={} detrás de la dirección de una página con la etiqueta.";
    link_page: "Address of your page with the tag" | "Dirección de tu página con la etiqueta";
    qr_alt: "QR code of {}" | "Código QR de {}";
    download_qr: "Download the QR code" | "Descargar el código QR";
    mail_title: "In an e-mail" | "En un correo";
    mail_lead: "The first question as links: who clicks an answer comes to the page with it chosen, and confirms it there. Nothing is stored before, so programs that follow links answer nothing." | "La primera pregunta como enlaces: quien elige una respuesta llega a la página con ella marcada, y la confirma ahí. Antes no se guarda nada, así que los programas que siguen enlaces no responden nada.";
    mail_preview: "How it looks" | "Cómo se ve";
    mail_html: "HTML of the block" | "HTML del bloque";
    not_published: "Publish it first: nobody can be asked what is not published." | "Publícala primero: a nadie se le puede preguntar lo que no está publicado.";
    watch: "Read the results" | "Leer los resultados";

    // Destinations
    destinations: "Destinations" | "Destinos";
    destinations_lead: "Where answers go: a channel, a mailbox, a help desk, a CRM, a sheet." | "A dónde van las respuestas: un canal, un buzón, una mesa de ayuda, un CRM, una hoja.";
    new_destination: "New destination" | "Nuevo destino";
    no_destinations: "Answers go nowhere else yet" | "Las respuestas todavía no van a otro lugar";
    no_destinations_lead: "“2 of 10, I am leaving” is worth most where people work. Choose where it should go; secrets are kept sealed, and no page sees them." | "«2 de 10, me voy» vale más donde trabaja la gente. Elige a dónde debe ir; los secretos se guardan sellados, y ninguna página los ve.";
    back_to_destinations: "Destinations" | "Destinos";
    not_there: "There is no such destination. Somebody may have removed it." | "No existe ese destino. Puede que alguien lo haya quitado.";
    owners_only: "Only owners of this site look after its destinations." | "Solo quienes administran este sitio cuidan sus destinos.";
    destination_active: "On" | "Encendido";
    destination_paused: "Paused" | "En pausa";
    destination_off: "Switched off" | "Apagado";
    waiting_count: "{} waiting" | "{} en espera";
    waiting_many: "10,000 or more waiting" | "10 000 o más en espera";
    oldest_ago: "the oldest since {}" | "la más antigua desde {}";
    failed_count: "{} failed" | "{} fallidas";
    failed_many: "10,000 or more failed" | "10 000 o más fallidas";
    nothing_waits: "Nothing waits" | "Nada en espera";
    failing_since: "Takes nothing since {}" | "No recibe nada desde {}";
    last_word: "It said last: {}" | "Lo último que dijo: {}";
    banner_off: "“{}” was switched off: {} What comes waits until you switch it on again." | "«{}» se apagó: {} Lo que llega espera hasta que lo vuelvas a encender.";
    banner_waits: "“{}” has kept answers waiting since {}." | "«{}» tiene respuestas esperando desde {}.";
    banner_look: "Have a look" | "Revisar";
    switch_on: "Switch on" | "Encender";
    pause_destination: "Pause" | "Pausar";
    switched_on: "{} is on: what waited goes now." | "{} está encendido: lo que esperaba sale ahora.";
    paused_now: "{} is paused: what comes waits." | "{} está en pausa: lo que llega espera.";
    remove_destination: "Remove" | "Quitar";
    remove_sure: "Remove “{}” with its secrets and with what waits for it? This cannot be undone." | "¿Quitar «{}» con sus secretos y con lo que espera? No se puede deshacer.";
    choose_kind: "Where should answers go?" | "¿A dónde deben ir las respuestas?";
    other_kind: "Another kind" | "Otro tipo";
    title_email: "E-mail" | "Correo";
    kind_webhook: "Any address, signed: your own program, Zapier, Make, n8n, another collector." | "Cualquier dirección, con firma: tu propio programa, Zapier, Make, n8n, otro servidor.";
    kind_slack: "A message in a channel." | "Un mensaje en un canal.";
    kind_teams: "A card in a channel." | "Una tarjeta en un canal.";
    kind_discord: "A message in a channel." | "Un mensaje en un canal.";
    kind_email: "A mail for each answer, or one a day or a week." | "Un correo por respuesta, o uno al día o a la semana.";
    kind_sheets: "A row in a spreadsheet." | "Una fila en una hoja de cálculo.";
    kind_hubspot: "A submission of one of your forms." | "Un envío de uno de tus formularios.";
    kind_zendesk: "A ticket with an internal comment." | "Un ticket con un comentario interno.";
    kind_salesforce: "A record, which each change updates." | "Un registro, que cada cambio actualiza.";
    kind_pipedrive: "A note at the person." | "Una nota en la persona.";
    how_webhook: "Give the address and a secret that only you and the receiver know: it checks the signature with a library of Standard Webhooks." | "Da la dirección y un secreto que solo tú y quien recibe conocen: comprueba la firma con una biblioteca de Standard Webhooks.";
    how_slack: "In Slack: Apps, Incoming WebHooks, choose the channel, copy the address." | "En Slack: Aplicaciones, Incoming WebHooks, elige el canal y copia la dirección.";
    how_teams: "In Teams: the channel's menu, Workflows, “Send webhook alerts to a channel”, copy the address." | "En Teams: el menú del canal, Flujos de trabajo, «Enviar alertas de webhook a un canal», copia la dirección.";
    how_discord: "In Discord: Server Settings, Integrations, Webhooks, New Webhook, choose the channel, copy the address." | "En Discord: Ajustes del servidor, Integraciones, Webhooks, Nuevo webhook, elige el canal y copia la dirección.";
    how_email: "Mail leaves by the server that the collector's operator has named." | "El correo sale por el servidor que indicó quien opera el servidor.";
    how_sheets: "In the Google Cloud console: enable the Sheets API, create a service account and a JSON key; share the spreadsheet with the account's address as an editor." | "En la consola de Google Cloud: activa la API de Sheets, crea una cuenta de servicio y una clave JSON; comparte la hoja con la dirección de la cuenta como editora.";
    how_hubspot: "In HubSpot: Settings, Integrations, Private Apps, Create, scope “forms”; and a form with the fields that you fill." | "En HubSpot: Configuración, Integraciones, Apps privadas, Crear, permiso «forms»; y un formulario con los campos que llenas.";
    how_zendesk: "In Zendesk: Admin Center, Apps and integrations, Zendesk API, Add API token." | "En Zendesk: Centro de administración, Aplicaciones e integraciones, API de Zendesk, Agregar token.";
    how_salesforce: "In Salesforce: an object with a text field that is External ID and Unique; a connected app with Client Credentials Flow." | "En Salesforce: un objeto con un campo de texto que es External ID y Unique; una app conectada con Client Credentials Flow.";
    how_pipedrive: "In Pipedrive: Personal preferences, API. Answers without an e-mail address cannot go there." | "En Pipedrive: Preferencias personales, API. Las respuestas sin correo no pueden ir ahí.";
    set_name: "Name" | "Nombre";
    set_name_hint: "What you call it, such as “Unhappy customers”." | "Cómo lo llamas, por ejemplo «Clientes descontentos».";
    set_url: "Address" | "Dirección";
    set_url_hint: "Whoever knows it can write there: it is kept sealed." | "Quien la conoce puede escribir ahí: se guarda sellada.";
    set_secret: "Secret for the signature" | "Secreto para la firma";
    set_secret_hint: "Give the same to the receiver. An earlier one signs beside a new one for a day." | "Dale el mismo a quien recibe. Uno anterior firma junto al nuevo durante un día.";
    make_secret: "Make one" | "Crear uno";
    set_headers: "Further headers" | "Más encabezados";
    set_headers_hint: "One a line, such as “authorization: Bearer …”." | "Uno por línea, por ejemplo «authorization: Bearer …».";
    set_to: "Addresses" | "Direcciones";
    set_to_hint: "Up to 50, one a line." | "Hasta 50, una por línea.";
    set_tells: "What it is told of" | "Qué se le cuenta";
    tells_each: "Each answer" | "Cada respuesta";
    tells_daily: "What visitors said, every morning" | "Lo que dijeron las visitas, cada mañana";
    tells_weekly: "What visitors said, every Monday" | "Lo que dijeron las visitas, cada lunes";
    tells_day: "A certain change of a score, day against day" | "Un cambio seguro de un puntaje, día contra día";
    tells_week: "A certain change of a score, week against week" | "Un cambio seguro de un puntaje, semana contra semana";
    tells_month: "A certain change of a score, four weeks against four" | "Un cambio seguro de un puntaje, cuatro semanas contra cuatro";
    tells_hint: "For answers at once and the rest in the morning, make two destinations." | "Para respuestas al momento y el resto en la mañana, crea dos destinos.";
    set_spreadsheet: "Spreadsheet" | "Hoja de cálculo";
    set_spreadsheet_hint: "The part of its address between /d/ and /edit." | "La parte de su dirección entre /d/ y /edit.";
    set_sheet: "Sheet" | "Pestaña";
    set_sheet_hint: "Sheet1, where nothing is said." | "Sheet1, si no se dice nada.";
    set_account: "JSON key of the service account" | "Clave JSON de la cuenta de servicio";
    set_account_hint: "The whole file, pasted." | "El archivo entero, pegado.";
    set_portal: "Portal" | "Portal";
    set_portal_hint: "portalId in the form's embed code." | "portalId en el código del formulario.";
    set_form: "Form" | "Formulario";
    set_form_hint: "formId in the form's embed code." | "formId en el código del formulario.";
    set_token: "Token" | "Token";
    set_token_hint: "It goes in and never comes out." | "Entra y nunca sale.";
    set_fields: "Which field is filled with what" | "Qué campo se llena con qué";
    set_fields_hint: "One a line: FIELD = a question's id, or email, title, text, id, shown_at, page. Such as “nps_score = score”." | "Uno por línea: CAMPO = id de una pregunta, o email, title, text, id, shown_at, page. Por ejemplo «nps_score = score».";
    set_base: "Address of the service" | "Dirección del servicio";
    set_base_hint: "Only where it is not at its usual address: another region, a gateway." | "Solo si no está en su dirección usual: otra región, una pasarela.";
    set_base_salesforce: "Such as https://shop.my.salesforce.com" | "Por ejemplo https://shop.my.salesforce.com";
    set_subdomain: "Subdomain" | "Subdominio";
    set_subdomain_hint: "shop of shop.zendesk.com" | "shop de shop.zendesk.com";
    set_agent: "Address of an agent" | "Correo de un agente";
    set_agent_hint: "Whose token it is." | "De quien es el token.";
    set_client_id: "Client id" | "Id de cliente";
    set_client_secret: "Client secret" | "Secreto de cliente";
    set_object: "Object" | "Objeto";
    set_object_hint: "Its API name: Survey_Response__c" | "Su nombre de API: Survey_Response__c";
    set_external: "External id field" | "Campo de id externo";
    set_external_hint: "Its API name: Sondeo__c" | "Su nombre de API: Sondeo__c";
    optional: "optional" | "opcional";
    kept_secret: "It is kept. What you write here takes its place." | "Está guardado. Lo que escribas aquí toma su lugar.";
    kept_address: "It is kept ({}). What you write here takes its place." | "Está guardada ({}). Lo que escribas aquí toma su lugar.";
    forget_secret: "Take away what is kept" | "Quitar lo guardado";
    which_surveys: "Which surveys" | "Qué encuestas";
    which_surveys_hint: "None chosen: all of the site." | "Ninguna elegida: todas las del sitio.";
    which_answers: "Which answers" | "Qué respuestas";
    which_answers_hint: "All of these must hold. A question's id is its answer: satisfaction is at most 2." | "Todas deben cumplirse. El id de una pregunta es su respuesta: satisfaction es como máximo 2.";
    passes_when: "When" | "Cuándo";
    passes_completed: "Once, when the visitor is done" | "Una vez, cuando la visita termina";
    passes_each: "At each change of the answer" | "En cada cambio de la respuesta";
    passes_hint: "Whoever leaves without finishing is passed on after some minutes." | "Quien se va sin terminar se pasa después de unos minutos.";
    save_destination: "Save" | "Guardar";
    try_paused: "It is paused: try it, then switch it on." | "Está en pausa: pruébalo y después enciéndelo.";
    saved_changes: "Saved." | "Guardado.";
    field_missing: "This has to be said." | "Falta decir esto.";
    field_pairs: "One a line, with “=” between: score = satisfaction" | "Uno por línea, con «=» en medio: score = satisfaction";
    field_headers: "One a line, with “:” between: x-key: abc" | "Uno por línea, con «:» en medio: x-key: abc";
    field_again: "Give it again: the address is another one, and secrets go nowhere else than where they were given for." | "Dalo otra vez: la dirección es otra, y los secretos solo van a donde se dieron.";
    fields_wrong: "Not saved: something is to be mended below." | "No se guardó: hay algo por arreglar abajo.";
    session_over: "Your session has ended. What you wrote is still here: sign in, then save." | "Tu sesión terminó. Lo que escribiste sigue aquí: inicia sesión y guarda.";
    overtaken_lead: "Somebody has changed this destination since you opened it. Nothing is lost: choose what goes on." | "Alguien cambió este destino desde que lo abriste. No se pierde nada: elige qué sigue.";
    differs: "Different there: {}" | "Ahí es diferente: {}";
    settings_of: "Settings" | "Ajustes";
    try_it: "Try it" | "Probarlo";
    try_lead: "Sends at once, also while it is paused, and shows what was said. Secrets are not shown." | "Envía al momento, también en pausa, y muestra lo que se dijo. Los secretos no se muestran.";
    try_sample: "Send a sample" | "Enviar una muestra";
    try_last: "Send the latest answer" | "Enviar la última respuesta";
    try_now: "Send what there is to tell now" | "Enviar lo que hay para contar ahora";
    try_nothing: "There is nothing yet that it would take: send a sample." | "Todavía no hay nada que le corresponda: envía una muestra.";
    trying: "Sending…" | "Enviando…";
    tried_delivered: "It is there." | "Llegó.";
    tried_again: "It was not taken, and could be another time: {}" | "No se recibió, y podría ser en otro momento: {}";
    tried_refused: "It was refused: {}" | "Se rechazó: {}";
    tried_gone: "There is nobody any more: {}" | "Ya no hay nadie: {}";
    exchange: "Request {}" | "Solicitud {}";
    answered_in: "Answer {} after {} ms" | "Respuesta {} después de {} ms";
    no_answer_in: "No answer, after {} ms" | "Sin respuesta, después de {} ms";
    deliveries: "Deliveries" | "Entregas";
    delivery_waiting: "Waiting" | "En espera";
    delivery_delivered: "Delivered" | "Entregadas";
    delivery_failed: "Failed" | "Fallidas";
    none_waiting: "Nothing waits." | "Nada espera.";
    none_delivered: "Nothing was delivered yet." | "Todavía no se entregó nada.";
    none_failed: "Nothing has failed." | "Nada ha fallado.";
    response_of: "Answer {}" | "Respuesta {}";
    revision_of: "revision {}" | "revisión {}";
    digest_of: "Digest of {}" | "Resumen del {}";
    changes_of: "Changes of {}" | "Cambios del {}";
    written_at: "since {}" | "desde {}";
    tries_one: "tried once" | "1 intento";
    tries_many: "tried {} times" | "{} intentos";
    next_at: "next try {}" | "próximo intento {}";
    tried_at: "last tried {}" | "último intento {}";
    delivered_at: "delivered {}" | "entregada {}";
    said_status: "answered {}" | "respondió {}";
    replay_one: "Send once more" | "Enviar otra vez";
    replay_now: "Send now" | "Enviar ahora";
    replaying_now: "It is sent now." | "Se envía ahora.";
    replay_failed: "Send all that failed once more" | "Enviar otra vez todo lo fallido";
    replay_since: "Send everything since" | "Enviar todo desde";
    replay_since_hint: "Every answer from that day on that it takes, also from before it was there." | "Cada respuesta desde ese día que le corresponde, también de antes de que existiera.";
    replay_go: "Send" | "Enviar";
    replayed_one: "1 is sent once more." | "Se envía otra vez: 1.";
    replayed: "{} are sent once more." | "Se envían otra vez: {}.";
    replayed_none: "There was nothing to send once more." | "No había nada que enviar otra vez.";
    replaying: "{} so far…" | "Van {}…";

    // Time
    just_now: "just now" | "ahora mismo";
    soon: "in a moment" | "en un momento";
}
