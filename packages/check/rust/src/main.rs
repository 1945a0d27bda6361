//! Serves the page, and the folder that is named: `outside FOLDER`. Says its address.

#[cfg(feature = "ssr")]
#[tokio::main(flavor = "current_thread")]
async fn main() {
    use axum::{Router, routing::get};
    use leptos::prelude::*;
    use outside::App;

    // Who lists routes needs not say it.
    any_spawner::Executor::init_tokio().expect("nobody has chosen another executor");
    let options = LeptosOptions::builder().output_name("outside").build();
    let page = move || {
        let options = options.clone();
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <title>"A page"</title>
                    <link rel="icon" href="data:,"/>
                    <HydrationScripts options/>
                </head>
                <body>
                    <App/>
                </body>
            </html>
        }
    };
    let folder = std::env::args().nth(1).expect("a folder");
    let routes = Router::new()
        .route("/", get(leptos_axum::render_app_to_stream(page)))
        .nest_service("/pkg", tower_http::services::ServeDir::new(folder));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("http://{}", listener.local_addr().expect("an address"));
    axum::serve(listener, routes).await.expect("it serves");
}

#[cfg(not(feature = "ssr"))]
fn main() {}
