//! How the site's one tag comes to a page: steps for each kind of page, with what is to be pasted.

use crate::Locale;

/// What a site is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Pages whose HTML is one's own.
    Html,
    /// WordPress.
    WordPress,
    /// Google Tag Manager.
    TagManager,
    /// Shopify.
    Shopify,
    /// Webflow.
    Webflow,
    /// An application in React.
    React,
    /// An application in Vue.
    Vue,
    /// An application in Next.js.
    Next,
}

impl Platform {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Html,
        Self::WordPress,
        Self::TagManager,
        Self::Shopify,
        Self::Webflow,
        Self::React,
        Self::Vue,
        Self::Next,
    ];

    /// What it is called.
    #[must_use]
    pub fn name(self, locale: Locale) -> &'static str {
        match self {
            Self::Html => locale.pick("Plain HTML", "HTML propio"),
            Self::WordPress => "WordPress",
            Self::TagManager => "Google Tag Manager",
            Self::Shopify => "Shopify",
            Self::Webflow => "Webflow",
            Self::React => "React",
            Self::Vue => "Vue",
            Self::Next => "Next.js",
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do, in a sentence or two.
    pub text: String,
    /// What to copy for it.
    pub code: Option<Code>,
}

/// Something to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The name of the file that it belongs into, or of the language: `html`, `start.js`.
    pub name: &'static str,
    /// The lines.
    pub text: String,
}

/// The one tag of a site: `https://surveys.example/sites/shop` is the address of the site in its collector.
#[must_use]
pub fn tag(site: &str) -> String {
    let src = html_escape::encode_double_quoted_attribute(site.trim_end_matches('/')).into_owned();
    format!("<script async src=\"{src}/sondeo.js\"></script>")
}

/// What to do, step by step. The last step is always to open the page.
#[must_use]
pub fn steps(platform: Platform, site: &str, locale: Locale) -> Vec<Step> {
    let site = site.trim_end_matches('/');
    let say = |english: &str, spanish: &str| Step {
        text: locale.pick(english, spanish).to_owned(),
        code: None,
    };
    let with = |english: &str, spanish: &str, name: &'static str, text: String| Step {
        code: Some(Code { name, text }),
        ..say(english, spanish)
    };
    let address = || site.to_owned();
    let mut steps = match platform {
        Platform::Html => vec![with(
            "Paste this line into the <head> of every page, or into the template that all of them share.",
            "Pega esta línea en el <head> de todas las páginas, o en la plantilla que comparten.",
            "html",
            tag(site),
        )],
        Platform::WordPress => vec![
            say(
                "Plugins → Add New → Upload Plugin: choose the archive sondeo-wordpress-….zip, which is among the files of each release of Sondeo, install it and activate it. Without it, the line above in the theme’s header does the same.",
                "Plugins → Añadir nuevo → Subir plugin: elige el archivo sondeo-wordpress-….zip, que está entre los archivos de cada versión de Sondeo, instálalo y actívalo. Sin él, la línea de arriba en la cabecera del tema hace lo mismo.",
            ),
            with(
                "Settings → Surveys: paste this address into “Site of a collector”, press “Test the address”, and save.",
                "Ajustes → Surveys: pega esta dirección en «Site of a collector», pulsa «Test the address» y guarda.",
                "text",
                address(),
            ),
            say(
                "If a plugin combines or delays scripts, tell it to leave sondeo.js as it is.",
                "Si algún plugin combina o retrasa los scripts, indícale que deje sondeo.js como está.",
            ),
        ],
        Platform::TagManager => vec![
            with(
                "Tags → New → Custom HTML: paste these lines. Tag Manager takes attributes away from script tags, so the script is made by a script.",
                "Etiquetas → Nueva → HTML personalizado: pega estas líneas. Tag Manager quita los atributos de los scripts, por eso un script crea el script.",
                "html",
                format!(
                    "<script>\n  (function () {{\n    var tag = document.createElement(\"script\");\n    tag.async = true;\n    tag.src = {};\n    document.head.appendChild(tag);\n  }})();\n</script>",
                    script_text(&format!("{site}/sondeo.js"))
                ),
            ),
            say(
                "As trigger choose All Pages: what makes a survey due is said here, in the studio. Then Submit, and Publish.",
                "Como activador elige All Pages: cuándo se pregunta se decide aquí, en el estudio. Después, Enviar y Publicar.",
            ),
            say(
                "Events of the data layer are heard without another tag: dataLayer.push({ event: \"purchase\" }).",
                "Los eventos de la capa de datos se oyen sin otra etiqueta: dataLayer.push({ event: \"purchase\" }).",
            ),
        ],
        Platform::Shopify => vec![
            say(
                "Online Store → Themes → ⋯ → Edit code: open layout/theme.liquid.",
                "Tienda online → Temas → ⋯ → Editar código: abre layout/theme.liquid.",
            ),
            with(
                "Paste this line before </body>, and save. A new theme needs it again; the theme app extension in docs/packages.md stays.",
                "Pega esta línea antes de </body> y guarda. Un tema nuevo la necesita otra vez; la extensión de docs/packages.md permanece.",
                "html",
                tag(site),
            ),
            say(
                "Pages of the checkout, the one after the purchase included, run no scripts of themes: ask about a purchase by the e-mail block of this studio, in the confirmation.",
                "Las páginas del pago, incluida la de después de la compra, no ejecutan scripts del tema: pregunta por la compra con el bloque de correo de este estudio, en la confirmación.",
            ),
        ],
        Platform::Webflow => vec![with(
            "Site settings → Custom code → Footer code: paste this line, save, and publish the site.",
            "Site settings → Custom code → Footer code: pega esta línea, guarda y publica el sitio.",
            "html",
            tag(site),
        )],
        Platform::React => vec![
            package(locale),
            with(
                "Where the application starts:",
                "Donde arranca la aplicación:",
                "main.jsx",
                load(site),
            ),
            with(
                "Where a survey stands in the page, for instance below an article:",
                "Donde una encuesta va dentro de la página, por ejemplo bajo un artículo:",
                "article.jsx",
                "import { Sondeo } from \"sondeo/react\";\n\n<Sondeo survey=\"faq\" />".to_owned(),
            ),
        ],
        Platform::Vue => vec![
            package(locale),
            with(
                "Where the application starts:",
                "Donde arranca la aplicación:",
                "main.js",
                load(site),
            ),
            with(
                "Where a survey stands in the page, for instance below an article:",
                "Donde una encuesta va dentro de la página, por ejemplo bajo un artículo:",
                "Article.vue",
                "<script setup>\nimport { Sondeo } from \"sondeo/vue\";\n</script>\n\n<template>\n  <Sondeo survey=\"faq\" />\n</template>".to_owned(),
            ),
        ],
        Platform::Next => vec![
            package(locale),
            with(
                "A client component:",
                "Un componente de cliente:",
                "app/surveys.jsx",
                format!(
                    "\"use client\";\n\nimport {{ useEffect }} from \"react\";\nimport {{ load }} from \"sondeo\";\n\nexport default function Surveys() {{\n  useEffect(() => {{\n    load({{ site: {} }});\n  }}, []);\n  return null;\n}}",
                    script_text(site)
                ),
            ),
            with(
                "In the layout, inside <body>:",
                "En el layout, dentro de <body>:",
                "app/layout.jsx",
                "import Surveys from \"./surveys\";\n\n<Surveys />".to_owned(),
            ),
        ],
    };
    steps.push(say(
        "Open a page of your site. Within a minute the studio says where the tag was seen.",
        "Abre una página de tu sitio. En menos de un minuto el estudio dice dónde se ha visto la etiqueta.",
    ));
    steps
}

fn package(locale: Locale) -> Step {
    Step {
        text: locale.pick("Add the package:", "Añade el paquete:").to_owned(),
        code: Some(Code { name: "sh", text: "npm install sondeo".to_owned() }),
    }
}

fn load(site: &str) -> String {
    format!("import {{ load }} from \"sondeo\";\n\nload({{ site: {} }});", script_text(site))
}

/// A text as JavaScript writes it, that ends no script element.
fn script_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::{Platform, steps, tag};
    use crate::Locale;

    const SITE: &str = "https://surveys.example/sites/shop";

    #[test]
    fn the_tag_is_the_contracts() {
        let expected =
            "<script async src=\"https://surveys.example/sites/shop/sondeo.js\"></script>";
        assert_eq!(tag(SITE), expected);
        assert_eq!(tag("https://surveys.example/sites/shop/"), expected);
        assert!(!tag("https://a\"onload=x").contains("\"onload"));
    }

    #[test]
    fn every_platform_has_steps_in_both_languages_and_names_the_site() {
        for platform in Platform::ALL {
            let [english, spanish] = Locale::ALL.map(|locale| steps(platform, SITE, locale));
            assert_eq!(english.len(), spanish.len());
            for (english, spanish) in english.iter().zip(&spanish) {
                assert_ne!(english.text, spanish.text);
                assert_eq!(english.code, spanish.code, "{platform:?}");
            }
            let code: String =
                english.iter().filter_map(|it| Some(it.code.as_ref()?.text.as_str())).collect();
            assert!(code.contains(SITE), "{platform:?}: {code}");
        }
    }

    #[test]
    fn an_address_ends_no_script() {
        for platform in [Platform::TagManager, Platform::React, Platform::Next] {
            let steps = steps(platform, "https://a/</script><b>\"", Locale::English);
            let code: String =
                steps.iter().filter_map(|it| Some(it.code.as_ref()?.text.as_str())).collect();
            assert!(!code.contains("</script><b>") && !code.contains("b>\"/"), "{code}");
        }
    }
}
