//! Guesses lead nowhere, cost little, and keep nobody out who shares an address with whoever guesses.

use crate::access::{cookie, log_in};
use crate::support::{On, Server, header, on_both, send};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use sondeo_collector::hash_password;
use sondeo_collector::store::Role;
use sondeo_model::Timestamp;

on_both!(
    a_browser_of_ones_own_has_logins_of_its_own,
    a_new_password_forgets_the_browsers,
    guesses_keep_no_session_out,
    guessing_invitations_is_limited,
    older_versions_are_looked_for_now_and_then,
);

const PASSWORD: &str = "correct horse";

async fn set_password(server: &Server, user: &str) {
    let hash = hash_password(PASSWORD).expect("a hash");
    server.store.set_password(user, &hash).await.expect("it is set");
}

/// The second cookie of a login, as a browser would send it.
pub(crate) fn device(login: &Response) -> String {
    let cookies = login.headers().get_all("set-cookie").iter();
    let cookies = cookies.map(|it| it.to_str().expect("plain text"));
    let device = cookies.into_iter().find(|it| it.contains("sondeo-device=")).expect("a device");
    let attributes: Vec<_> = device.split("; ").collect();
    for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=34560000"] {
        assert!(attributes.contains(&attribute), "{device}");
    }
    device.split(';').next().unwrap_or_default().to_owned()
}

pub(crate) async fn log_in_with(
    server: &Server,
    cookie: &str,
    user: &str,
    password: &str,
) -> Response {
    let login = server.request(Method::POST, "/v1/session").header("cookie", cookie);
    send(login.json(&json!({"user": user, "password": password}))).await
}

async fn a_browser_of_ones_own_has_logins_of_its_own(on: On) {
    let first = Server::on(on).await;
    set_password(&first, "ana").await;
    set_password(&first, "bob").await;
    let login = log_in(&first, "ana", PASSWORD).await;
    let (own, session) = (device(&login), cookie(&login));
    let bobs = device(&log_in(&first, "bob", PASSWORD).await);
    assert_eq!(first.get("/v1/session", &[("cookie", &own)]).await.status(), 401, "no session");
    // Another start knows no address, but the browser.
    let server = Server::start_at(&first.database).await;
    let guess = async |cookie: &str| {
        let mut last = StatusCode::OK;
        for _ in 0..12 {
            last = log_in_with(&server, cookie, "ana", "guess").await.status();
        }
        last
    };
    assert_eq!(guess("").await, 429);
    assert_eq!(guess(&bobs).await, 429, "of somebody else's browser");
    let made_up = own.replace("=", "=0");
    assert_eq!(log_in_with(&server, &made_up, "ana", PASSWORD).await.status(), 429);
    let both = format!("{session}; {own}");
    let login = log_in_with(&server, &both, "ana", PASSWORD).await;
    assert_eq!(login.status(), 204, "the right password in her browser");
    assert_eq!(device(&login), own, "it stays what it is");
    // Whoever has the browser and not the password guesses no faster than others.
    assert_eq!(guess(&own).await, 429);
}

async fn a_new_password_forgets_the_browsers(on: On) {
    let server = Server::on(on).await;
    set_password(&server, "ana").await;
    let own = device(&log_in(&server, "ana", PASSWORD).await);
    let sha256 = |device: &str| {
        use sha2::Digest;
        let secret = device.split_once('=').expect("a value").1;
        <[u8; 32]>::from(sha2::Sha256::digest(secret))
    };
    let knows = async || server.store.knows_device(&sha256(&own), "ana").await.expect("it");
    assert!(knows().await);
    set_password(&server, "ana").await;
    assert!(!knows().await);
    // Of very many, the latest are kept.
    let until = |day: i64| Timestamp::from_millis(4_000_000_000_000 + day);
    for number in 0..60_u8 {
        let until = until(number.into());
        server.store.remember_device(&[number; 32], "ana", until).await.expect("remembered");
    }
    assert_eq!(server.store.device_hashes().await.expect("they").len(), 50);
    assert!(server.store.knows_device(&[59; 32], "ana").await.expect("it"));
}

async fn guesses_keep_no_session_out(on: On) {
    let first = Server::on(on).await;
    set_password(&first, "ana").await;
    let session = cookie(&log_in(&first, "ana", PASSWORD).await);
    // One that has not seen it yet.
    let server = Server::start_at(&first.database).await;
    let ask = async |cookie: String| {
        server.get("/v1/session", &[("cookie", &cookie)]).await.status().as_u16()
    };
    let guesses = (0..150).map(|number| ask(format!("sondeo={number:048x}")));
    let statuses = futures_util::future::join_all(guesses).await;
    assert!(statuses.iter().all(|&status| status == 401), "{statuses:?}");
    assert_eq!(ask(session.clone()).await, 200, "it is locked out");
    first.store.end_sessions("ana").await.expect("ended");
    assert_eq!(ask(session).await, 401);
}

async fn guessing_invitations_is_limited(on: On) {
    let server = Server::on(on).await;
    let later = Timestamp::from_millis(4_000_000_000_000);
    use sha2::Digest;
    let sha256 = sha2::Sha256::digest("good").into();
    let invited = ("command", later);
    server.store.add_invitation(&sha256, "default", Role::Editor, invited).await.expect("made");
    let ask = async |code: String| server.get(&format!("/v1/invitations/{code}"), &[]).await;
    let guesses = (0..150).map(|number| ask(format!("{number:048x}")));
    let answers = futures_util::future::join_all(guesses).await;
    let refused: Vec<_> = answers.iter().filter(|it| it.status() == 429).collect();
    assert!(refused.len() > 50, "{} of 150", refused.len());
    assert!(refused.iter().all(|it| !header(it, "retry-after").is_empty()));
    // Many at once, since one a second comes back of the limit.
    let form = |_| async {
        let form = server.request(Method::POST, "/v1/invitations/bad").body("user=x&password=y");
        send(form).await.status()
    };
    let answers = futures_util::future::join_all((0..30).map(form)).await;
    assert!(answers.iter().any(|status| *status == 429), "{answers:?}");
    assert_eq!(ask("good".to_owned()).await.status(), 200, "it is locked out");
}

/// Anybody may ask for an older version: those that were asked for lately cost nothing, and others so many a minute.
async fn older_versions_are_looked_for_now_and_then(on: On) {
    let server = Server::on(on).await;
    crate::neighbours::publish(&server.database, &crate::neighbours::published()).await;
    let again = sondeo_collector::store::Edition::Version(1, None);
    let published = |source: &str, _| {
        let (body, plan) = (source.to_owned(), "{}".to_owned());
        Ok::<_, String>(sondeo_collector::store::PublishedSurvey { body, plan })
    };
    for _ in 0..80 {
        let done = server.store.publish(("default", "checkout"), again, None, "x", published).await;
        done.expect("an answer").expect("published");
    }
    let file = async |survey: &str, version: i64| {
        server.get(&format!("/sites/default/surveys/{survey}.json?v={version}"), &[]).await.status()
    };
    // One that was published a moment ago, which this collector has not heard of yet.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while file("checkout", 81).await != 200 {
        assert!(std::time::Instant::now() < deadline, "it never hears of it");
    }
    let mut statuses = Vec::new();
    for version in 1..=80 {
        statuses.push(file("checkout", version).await.as_u16());
    }
    let found = statuses.iter().take_while(|&&status| status == 200).count();
    assert!((50..75).contains(&found) && statuses.ends_with(&[429]), "{statuses:?}");
    for _ in 0..200 {
        assert_eq!(file("checkout", 1).await, 200, "it is known");
        assert_eq!(file("made-up", 1).await, 404);
    }
    assert_eq!(file("checkout", 81).await, 200);
}
