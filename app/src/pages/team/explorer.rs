//! Where members try the schema: GraphiQL, which runs documents as whoever is signed in.

use leptos::prelude::*;

use crate::{
    layout::{Desk, DeskFrame, DeskTab, nonce},
    routes,
};

/// The page around GraphiQL. It is the one page that is nothing without scripts, and says so.
#[component]
pub fn ExplorerPage(
    /// What every page of the team knows.
    frame: DeskFrame,
) -> impl IntoView {
    // Its editor makes style sheets while it runs, and finds the nonce for them on its script.
    let nonce = nonce();
    let assets = frame.assets;
    let back = if frame.is_admin { (routes::APP_TOKENS, "API tokens") } else { (routes::APP, "Overview") };
    view! {
        <Desk frame title="API explorer".to_owned() tab=DeskTab::Settings is_tab_itself=false>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=back.0>{back.1}</a>
                    </p>
                    <h1>"API explorer"</h1>
                </div>
            </header>
            <link rel="stylesheet" nonce=nonce.clone() href=&*assets.explorer_css/>
            // What stands in it is there until the script has come, and where scripts are switched off.
            <div class="explorer" id="explorer" data-endpoint=routes::APP_GRAPHQL>
                <p>
                    "GraphiQL is on its way. It is a program that runs in the browser: where scripts are switched off, ask the API with a token instead. What there is to ask for stands in " <code>"schema.graphql"</code> "."
                </p>
            </div>
            <script r#type="module" nonce=nonce src=&*assets.explorer_js></script>
        </Desk>
    }
}
