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
    full_today: "Enough answers for today" | "Suficientes respuestas por hoy";
    version: "Version {}" | "Versión {}";
    never_published: "Never published" | "Sin publicar";
    has_draft: "Changes not published" | "Cambios sin publicar";
    from_folder: "A file of the server" | "Un archivo del servidor";
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
    from_template: "These questions come with the template. To change them, make them yours." | "Estas preguntas vienen con la plantilla. Para cambiarlas, hazlas tuyas.";
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

    // Publishing
    publish_title: "Publish “{}”?" | "¿Publicar «{}»?";
    publish_now: "Publish now" | "Publicar ahora";
    publishing: "Publishing…" | "Publicando…";
    published: "Version {} is published" | "La versión {} está publicada";
    published_lead: "Pages with your tag ask it within a minute. The page never changes again: this one tag is for all surveys of the site." | "Las páginas con tu etiqueta la muestran en menos de un minuto. La página no vuelve a cambiar: esta única etiqueta sirve para todas las encuestas del sitio.";
    limit_answers: "End it after so many answers" | "Terminarla después de tantas respuestas";
    limit_wrong: "This is no number of answers: digits alone (try 500), or nothing for no end." | "Esto no es un número de respuestas: solo cifras (prueba 500), o nada para que no termine.";
    sign_in_to_publish: "Sign in to publish" | "Inicia sesión para publicar";
    save_first: "Your last changes are not saved yet." | "Tus últimos cambios todavía no se guardaron.";

    // Versions
    versions_lead: "A published version never changes. Rolling back publishes an old one as a new version." | "Una versión publicada nunca cambia. Volver atrás publica una antigua como versión nueva.";
    no_versions: "Nothing was published yet." | "Todavía no se publicó nada.";
    by_at: "{} by {}" | "{} por {}";
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
    seen_without: "the survey was not in its plan there" | "la encuesta no estaba en su plan ahí";
    link_title: "Link and QR code" | "Enlace y código QR";
    link_lead: "A page with this survey and nothing else: for letters, chats and receipts." | "Una página con esta encuesta y nada más: para cartas, chats y recibos.";
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

    // Time
    just_now: "just now" | "ahora mismo";
}
