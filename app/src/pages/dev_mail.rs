//! The demo's mailbox: mails that a real installation would send. It exists in the demo only.

use leptos::{either::Either, prelude::*};

use crate::{
    brand::Accent,
    layout::{Assets, Document, Scripts},
    routes,
};

/// A mail in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevMail {
    /// Its id, for the link.
    pub id: String,
    /// Whom it is for.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent, in words.
    pub at_text: String,
}

/// A mail in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevMailMessage {
    /// Whom it is for.
    pub to: String,
    /// Who sent it.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent, in words.
    pub at_text: String,
    /// The part in plain text.
    pub text: String,
    /// Where the part in HTML is served.
    pub html_src: String,
}

/// The list of mails, newest first.
#[component]
pub fn DevMailPage(
    /// Where the site's files are.
    assets: &'static Assets,
    /// The mails.
    mails: Vec<DevMail>,
) -> impl IntoView {
    let list = if mails.is_empty() {
        Either::Left(
            view! { <p class="quiet">"No mail yet. Ask for a sign-in link, and it arrives here."</p> },
        )
    } else {
        let items = mails
            .into_iter()
            .map(|mail| {
                view! {
                    <li>
                        <div class="what">
                            <a class="number" href=routes::dev_mail(&mail.id)>
                                {mail.subject}
                            </a>
                            <p class="small quiet">"To " {mail.to}</p>
                        </div>
                        <span class="small quiet num">{mail.at_text}</span>
                    </li>
                }
            })
            .collect_view();
        Either::Right(view! {
            <ul class="sessions" role="list">
                {items}
            </ul>
        })
    };
    view! {
        <Mailbox assets title="Mailbox".to_owned()>
            <header class="list-head">
                <h1>"Mailbox"</h1>
                <a class="button" href=routes::PORTAL_LOGIN>
                    "Sign in to the portal"
                </a>
            </header>
            {list}
        </Mailbox>
    }
}

/// One mail: its text with links to press, and its HTML in a frame that can do nothing.
#[component]
pub fn DevMailMessagePage(
    /// Where the site's files are.
    assets: &'static Assets,
    /// The mail.
    mail: DevMailMessage,
    /// The links in it.
    links: Vec<String>,
) -> impl IntoView {
    let title = mail.subject.clone();
    let links = links
        .into_iter()
        .map(|link| {
            let href = link.clone();
            view! {
                <li>
                    <a href=href>{link}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Mailbox assets title>
            <header class="mail-head">
                <p class="small">
                    <a href=routes::DEV_MAIL>"All mails"</a>
                </p>
                <h1>{mail.subject}</h1>
                <p class="small quiet">"From " {mail.from} " to " {mail.to} ", " {mail.at_text}</p>
            </header>
            <section class="section" aria-labelledby="links">
                <header>
                    <h2 id="links">"Links in this mail"</h2>
                </header>
                <ul class="mail-links">{links}</ul>
            </section>
            <section class="section" aria-labelledby="html">
                <header>
                    <h2 id="html">"As HTML"</h2>
                </header>
                <iframe class="mail-frame" title="The mail as HTML" src=mail.html_src sandbox=""></iframe>
            </section>
            <section class="section" aria-labelledby="text">
                <header>
                    <h2 id="text">"As plain text"</h2>
                </header>
                <pre class="mail-text" tabindex="0">{mail.text}</pre>
            </section>
        </Mailbox>
    }
}

#[component]
fn Mailbox<C: IntoView + 'static>(
    assets: &'static Assets,
    title: String,
    children: TypedChildren<C>,
) -> impl IntoView {
    view! {
        <Document title site=Some("Postern demo".to_owned()) accent=Accent::default() assets scripts=Scripts::None>
            <div class="page">
                <header>
                    <p class="demo-note small">
                        "Postern demo: this mailbox takes the place of real mail. It does not exist in a real installation."
                    </p>
                </header>
                <main class="stack">{children.into_inner()()}</main>
            </div>
        </Document>
    }
}
