use crate::support::{Server, check_error, header};
use reqwest::Method;
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

const LOADER: &str = "/* the loader */";
const ENGINE: &str = "/sondeo-cd4273.wasm";
const TRANSLATED: &str = "/sondeo-0a1b2c3d4e5f6071.translated.js";

/// A server with a widget: the loader, plain and compressed, and an engine, plain.
async fn start() -> (Server, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in [
        ("sondeo.js", LOADER.as_bytes()),
        ("sondeo.js.br", b"compressed"),
        (&ENGINE[1..], b"\0asm"),
        (&TRANSLATED[1..], b"/* the engine */"),
        (".secret", b"secret"),
    ] {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    let path = folder.path().to_str().expect("a path in UTF-8");
    (Server::start_with(&["--embed", path]).await, folder)
}

#[tokio::test]
async fn the_loader_is_compressed_for_those_who_take_it() {
    let (server, _folder) = start().await;
    for (accepted, coding, body) in [
        ("gzip, deflate, br, zstd", "br", "compressed"),
        ("gzip;q=0.5, BR;q=0.8", "br", "compressed"),
        ("gzip, br;q=0", "", LOADER),
        ("identity", "", LOADER),
        ("", "", LOADER),
    ] {
        let response = server.get("/sondeo.js", &[("accept-encoding", accepted)]).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "content-encoding"), coding, "{accepted}");
        assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header(&response, "vary"), "Accept-Encoding");
        assert_eq!(response.text().await.expect("a body"), body);
    }
}

#[tokio::test]
async fn any_page_may_load_them_and_caches_keep_what_never_changes() {
    let (server, _folder) = start().await;
    let short = "public, max-age=300";
    let long = "public, max-age=31536000, immutable";
    for (path, content_type, cache) in [
        ("/sondeo.js", "text/javascript; charset=utf-8", short),
        (ENGINE, "application/wasm", long),
        (TRANSLATED, "text/javascript; charset=utf-8", long),
    ] {
        let response = server.get(path, &[("origin", "https://shop.example")]).await;
        assert_eq!(header(&response, "content-type"), content_type);
        assert_eq!(header(&response, "cache-control"), cache);
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn who_has_a_file_is_not_sent_it_again() {
    let (server, _folder) = start().await;
    let plain = server.get("/sondeo.js", &[]).await;
    let compressed = server.get("/sondeo.js", &[("accept-encoding", "br")]).await;
    let tags = [header(&plain, "etag"), header(&compressed, "etag")];
    assert_ne!(tags[0], tags[1], "a strong tag names one sequence of bytes");
    assert!(tags.iter().all(|tag| tag.starts_with('"')));

    for (none_match, accepted, status) in [
        (tags[0].to_owned(), "", 304),
        (tags[1].to_owned(), "br", 304),
        (format!("\"x\", W/{}", tags[0]), "", 304),
        ("*".to_owned(), "", 304),
        (tags[0].to_owned(), "br", 200),
        ("\"x\"".to_owned(), "", 200),
    ] {
        let headers = [("if-none-match", none_match.as_str()), ("accept-encoding", accepted)];
        let response = server.get("/sondeo.js", &headers).await;
        assert_eq!(response.status(), status, "{none_match} {accepted}");
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        assert_eq!(header(&response, "vary"), "Accept-Encoding");
        assert!(header(&response, "cache-control").starts_with("public"));
        let body = response.text().await.expect("a body");
        assert_eq!(body.is_empty(), status == 304);
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_the_body() {
    let (server, _folder) = start().await;
    let response = server.request(Method::HEAD, "/sondeo.js").send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-length"), LOADER.len().to_string());
    assert!(!header(&response, "etag").is_empty());
    assert_eq!(response.text().await.expect("no body"), "");
}

#[tokio::test]
async fn a_page_that_names_a_version_has_the_same_bytes_for_ever() {
    let (server, _folder) = start().await;
    let own = env!("CARGO_PKG_VERSION");
    let [major, minor, _] = own.split('.').collect::<Vec<_>>()[..] else { panic!("{own}") };
    let long = "public, max-age=31536000, immutable";
    for (version, cache) in [
        (own.to_owned(), long),
        (format!("{major}.{minor}"), "public, max-age=300"),
        (major.to_owned(), "public, max-age=300"),
    ] {
        for file in ["/sondeo.js", ENGINE, "/sri.json"] {
            let response = server.get(&format!("/v/{version}{file}"), &[]).await;
            assert_eq!(
                (response.status().as_u16(), header(&response, "cache-control")),
                (200, cache)
            );
            assert_eq!(header(&response, "access-control-allow-origin"), "*");
        }
    }
    let path = format!("/v/{own}/sondeo.js");
    let response = server.get(&path, &[("accept-encoding", "br")]).await;
    assert_eq!(header(&response, "content-encoding"), "br");
    let hashes = server.get(&format!("/v/{own}/sri.json"), &[]).await;
    assert_eq!(header(&hashes, "content-type"), "application/json");
    let hashes: BTreeMap<String, String> =
        serde_json::from_str(&hashes.text().await.expect("a body")).expect("names and hashes");
    // `openssl dgst -sha384 -binary | base64` of it.
    let hash = "sha384-J2MmhUTsAzlIG9WHswSyzut//qUMS9uIPX3818LNXOyIFCr4LEUdlmVV96qCDtx2";
    assert_eq!((hashes.len(), hashes["sondeo.js"].as_str()), (3, hash));
    for path in
        ["/v/", "/v/9", "/v/9/sondeo.js", "/v//sondeo.js", "/v/0.0/../sondeo.js", "/v/01/sondeo.js"]
    {
        assert_eq!(server.get(path, &[]).await.status(), 404, "{path}");
    }
    let response = server.request(Method::POST, &path).send().await.expect("an answer");
    assert_eq!(response.status(), 405);
}

/// Pages that were loaded before an update ask for files that the new version does not have.
#[tokio::test]
async fn files_of_earlier_versions_are_served_after_an_update() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let write = |name: &str, content: &str| {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("it is made");
        fs::write(file, content).expect("a file");
    };
    write("versions/0.0.9/sondeo.js", "/* 0.0.9 */");
    write("versions/0.0.9/sondeo-aaaaaa.js", "/* engine of 0.0.9 */");
    write("versions/notes/sondeo-bbbbbb.js", "no version");
    write("first/sondeo.js", "/* first */");
    write("first/sondeo-cccccc.js", "/* engine of first */");
    write("first/sondeo-cccccc.js.br", "compressed");
    write("second/sondeo.js", "/* second */");
    let versions = path("versions");
    let start = async |embed: &str| {
        Server::start_with(&["--embed", &path(embed), "--embed-versions", &versions]).await
    };
    let text = async |server: &Server, path: &str| {
        let response = server.get(path, &[]).await;
        (response.status().as_u16(), response.text().await.expect("a body"))
    };
    drop(start("first").await);
    let server = start("second").await;
    let own = concat!("/v/", env!("CARGO_PKG_VERSION"));
    for (path, content) in [
        ("/sondeo.js", "/* second */"),
        (&*format!("{own}/sondeo.js"), "/* second */"),
        ("/v/0.0.9/sondeo.js", "/* 0.0.9 */"),
        ("/v/0.0/sondeo.js", "/* 0.0.9 */"),
        ("/sondeo-aaaaaa.js", "/* engine of 0.0.9 */"),
        ("/v/0.0.9/sondeo-aaaaaa.js", "/* engine of 0.0.9 */"),
        // Of another build of the same version.
        ("/sondeo-cccccc.js", "/* engine of first */"),
    ] {
        assert_eq!(text(&server, path).await, (200, content.to_owned()), "{path}");
    }
    let compressed = server.get("/sondeo-cccccc.js", &[("accept-encoding", "br")]).await;
    assert_eq!(header(&compressed, "content-encoding"), "br");
    for path in ["/sondeo-bbbbbb.js", "/v/notes/sondeo-bbbbbb.js", "/v/0.0.9/sondeo-cccccc.js"] {
        assert_eq!(text(&server, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn nothing_else_is_served() {
    let (server, _folder) = start().await;
    let message = "there is nothing at this address; responses go to /v1/responses";
    for path in [
        "/sondeo.js.br",
        "/.secret",
        "/sondeo-1.js",
        "/x/../.secret",
        "/..%2f.secret",
        "//sondeo.js",
    ] {
        check_error(server.get(path, &[]).await, 404, "not_found", None, message).await;
    }
    let response = server.request(Method::POST, "/sondeo.js").send().await.expect("an answer");
    assert_eq!(header(&response, "allow"), "GET,HEAD");
    let message = "this address does not take this method";
    check_error(response, 405, "method_not_allowed", None, message).await;
}
