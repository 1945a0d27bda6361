//! Pages that hold one survey, and the dashboard's files.

use crate::support::{Server, check_error, header};
use std::fs;

#[tokio::test]
async fn a_template_has_a_page_in_the_language_of_its_reader() {
    let server = Server::start().await;
    for (accepted, language) in [("", "en"), ("tlh, es-MX;q=0.9, en;q=0.8", "es"), ("ar", "ar")] {
        let page = server.get("/s/nps", &[("accept-language", accepted)]).await;
        assert_eq!(page.status(), 200);
        assert_eq!(header(&page, "vary"), "Accept-Language");
        let policy = header(&page, "content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"));
        assert!(!policy.contains("unsafe-inline") && policy.contains("trusted-types sondeo"));
        let page = page.text().await.expect("a page");
        let direction = if language == "ar" { "rtl" } else { "ltr" };
        assert!(
            page.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")),
            "{page}"
        );
        assert!(page.contains("src=\"../sondeo.js\" data-survey=\"nps\""));
        assert!(page.contains("data-display=\"page\" data-trigger=\"load\""));
        assert!(!page.contains("<style") && !page.contains("style="));
    }
}

#[tokio::test]
async fn an_answer_in_the_link_is_chosen_by_the_survey_of_the_page() {
    let server = Server::start().await;
    let moved = server.get("/s/nps?utm=a&sondeo-recommend=9", &[]).await;
    let location = "/s/nps?sondeo=nps&utm=a&sondeo-recommend=9";
    let relative = location.trim_start_matches("/s/nps");
    assert_eq!((moved.status().as_u16(), header(&moved, "location")), (303, relative));
    for there in [location, "/s/nps", "/s/nps?utm=sondeo-a"] {
        assert_eq!(server.get(there, &[]).await.status(), 200, "{there}");
    }
    assert_eq!(server.get("/s/nope?sondeo-recommend=9", &[]).await.status(), 404);
}

#[tokio::test]
async fn a_folder_of_surveys_has_pages_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = r#"{"id": "lunch", "questions": [
        {"id": "q", "kind": "yes-no", "text": "<b>Good</b> & \"warm\"?"}]}"#;
    fs::write(folder.path().join("lunch.json"), text).expect("a file");
    fs::write(folder.path().join("notes.txt"), "no survey").expect("a file");
    let path = folder.path().to_str().expect("UTF-8");
    let server = Server::start_with(&["--surveys", path]).await;
    let page = server.get("/s/lunch", &[]).await.text().await.expect("a page");
    assert!(
        page.contains("<title>&lt;b&gt;Good&lt;/b&gt; &amp; &quot;warm&quot;?</title>"),
        "{page}"
    );
    assert!(page.contains("data-config=\"lunch/survey.json\""));
    let survey = server.get("/s/lunch/survey.json", &[]).await;
    assert_eq!(survey.json::<serde_json::Value>().await.expect("JSON")["id"], "lunch");
    let message = "there is nothing at this address; responses go to /v1/responses";
    for missing in ["/s/dinner", "/s/nps/survey.json", "/s/%3Cscript%3E", "/s/"] {
        check_error(server.get(missing, &[]).await, 404, "not_found", None, message).await;
    }
    for cut in ["/s/%E0%A4%A", "/s/%ff", "/s/nps%00", "/s/%ff/survey.json"] {
        check_error(server.get(cut, &[]).await, 404, "not_found", None, message).await;
    }
    let cut = server.get("/s/%E0%A4%A", &[("accept", "text/html")]).await;
    assert_eq!(
        (cut.status().as_u16(), header(&cut, "content-type")),
        (404, "text/html; charset=utf-8")
    );
    let for_people = server.get("/s/dinner", &[("accept", "text/html,*/*;q=0.8")]).await;
    assert_eq!(for_people.status(), 404);
    let page = for_people.text().await.expect("a page");
    assert!(page.contains("<h1>There is no survey at this address</h1>"), "{page}");
}

#[tokio::test]
async fn the_dashboard_is_one_page_at_every_address_below() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("index.html"), "<title>the dashboard").expect("a file");
    fs::write(folder.path().join("app-0a1b2c3d4e5f6071.js"), "code").expect("a file");
    let path = folder.path().to_str().expect("UTF-8");
    let server = Server::start_with(&["--dashboard", path]).await;
    let moved = server.get("/dashboard", &[]).await;
    assert_eq!((moved.status().as_u16(), header(&moved, "location")), (308, "dashboard/"));
    for page in ["/dashboard/", "/dashboard/checkout", "/dashboard/checkout/comments?from=x"] {
        let page = server.get(page, &[]).await;
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&page, "x-frame-options"), "DENY");
        assert_eq!(header(&page, "cache-control"), "no-cache");
        assert!(header(&page, "content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header(&page, "access-control-allow-origin"), "");
        assert_eq!(page.text().await.expect("a page"), "<title>the dashboard");
    }
    let script = server.get("/dashboard/app-0a1b2c3d4e5f6071.js", &[]).await;
    assert!(header(&script, "cache-control").ends_with("immutable"));
    assert_eq!(server.get("/dashboard/missing.js", &[]).await.status(), 404);
}
