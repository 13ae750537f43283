//! Shows what a button does at once, and sets it right when the server has answered.
//!
//! A form says by `data-at-once` what it will come to: `gone` or `struck` for its row, `chip` for a chip that will read
//! as `data-chip`. What the server answers is the page as it then stands, and replaces what was shown ahead; where it
//! refuses, what was shown ahead is taken back, and its reason is read out. Without a script forms are sent as ever.

use leptos::{
    ev,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        Document, DomParser, Element, FocusOptions, FormData, HtmlElement, HtmlFormElement, NodeList,
        RequestInit, Response, SubmitEvent, SupportedType, UrlSearchParams,
    },
};
use wasm_bindgen_futures::JsFuture;

const WISH: &str = "data-at-once";
const UNREACHABLE: &str = "The server could not be reached, so nothing was changed. Try again in a moment.";

/// Watches over the forms of the page that have `data-at-once`, and reads out what went wrong with them.
#[island]
pub fn AtOnce() -> impl IntoView {
    let (told, tell) = signal(String::new());
    Effect::new(move |_| {
        let listener = window_event_listener(ev::submit, move |event| submitted(&event, tell));
        on_cleanup(move || listener.remove());
    });
    view! {
        <p class="told" role="alert" hidden=move || told.get().is_empty()>
            {told}
        </p>
    }
}

fn submitted(event: &SubmitEvent, tell: WriteSignal<String>) {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form.filter(|form| form.has_attribute(WISH)) else { return };
    event.prevent_default();
    if form.has_attribute("aria-busy") {
        return;
    }
    tell.set(String::new());
    let ahead = Ahead::show(&form);
    spawn_local(async move {
        match send(&form).await {
            Answer::Page(page) if swap(&page, &form) => {}
            Answer::Page(_) => reload(),
            Answer::Elsewhere(address) => go(&address),
            Answer::Refused(why) => {
                ahead.take_back(&form);
                tell.set(why);
                // Somebody else may have been faster: the page shows how it stands.
                if let Some(page) = page_at(&location()).await {
                    swap(&page, &form);
                }
            }
            Answer::Unreachable => {
                ahead.take_back(&form);
                tell.set(UNREACHABLE.to_owned());
            }
        }
    });
}

/// What is shown ahead of the answer, and how it was before.
struct Ahead {
    row: Option<Element>,
    chip: Option<(Element, String)>,
}

impl Ahead {
    fn show(form: &HtmlFormElement) -> Self {
        set(form, "aria-busy", "true");
        let row = form.closest("li, tr").ok().flatten();
        let wish = form.get_attribute(WISH).unwrap_or_default();
        let chip = match wish.as_str() {
            "chip" => row.as_ref().and_then(|row| row.query_selector(".chip").ok().flatten()),
            _ => None,
        };
        let chip = chip.map(|chip| {
            let before = chip.text_content().unwrap_or_default();
            chip.set_text_content(form.get_attribute("data-chip").as_deref());
            (chip, before)
        });
        if let Some(row) = row.as_ref() {
            set(row, "data-ahead", &wish);
        }
        Self { row, chip }
    }

    fn take_back(self, form: &HtmlFormElement) {
        // Removing an attribute is refused only for a name that is none.
        let _ = form.remove_attribute("aria-busy");
        if let Some(row) = self.row {
            let _ = row.remove_attribute("data-ahead");
        }
        if let Some((chip, before)) = self.chip {
            chip.set_text_content(Some(&before));
        }
    }
}

/// What came of a form.
enum Answer {
    /// This page, as it stands now.
    Page(Document),
    /// Another page, as when the session has run out.
    Elsewhere(String),
    /// It was not done, for this reason.
    Refused(String),
    /// There was no answer.
    Unreachable,
}

async fn send(form: &HtmlFormElement) -> Answer {
    let Some(response) = post(form).await else { return Answer::Unreachable };
    let (is_ok, address) = (response.ok(), response.url());
    let Some(page) = read(&response).await else { return Answer::Unreachable };
    match is_ok {
        true if address.split(['?', '#']).next() == location().split(['?', '#']).next() => Answer::Page(page),
        true => Answer::Elsewhere(address),
        false => Answer::Refused(reason(&page)),
    }
}

async fn post(form: &HtmlFormElement) -> Option<Response> {
    let fields: JsValue = FormData::new_with_form(form).ok()?.into();
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(body.unchecked_ref::<JsValue>());
    let address = form.action();
    JsFuture::from(window().fetch_with_str_and_init(&address, &request)).await.ok()?.dyn_into().ok()
}

async fn page_at(address: &str) -> Option<Document> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    if response.ok() && !response.redirected() { read(&response).await } else { None }
}

async fn read(response: &Response) -> Option<Document> {
    let html = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    DomParser::new().ok()?.parse_from_string(&html, SupportedType::TextHtml).ok()
}

/// What a page that refuses something says: at a form, or as a whole.
fn reason(page: &Document) -> String {
    [".form-problem", "h1"]
        .into_iter()
        .find_map(|place| page.query_selector(place).ok().flatten()?.text_content())
        .unwrap_or_else(|| UNREACHABLE.to_owned())
}

/// Puts the content of a page in the place of what is shown; `false` where it does not fit. Islands that are awake
/// move over: in the page that came they would sleep for ever.
fn swap(page: &Document, form: &HtmlFormElement) -> bool {
    let (Some(old), Some(new)) = (document().get_element_by_id("main"), page.get_element_by_id("main"))
    else {
        return false;
    };
    let (awake, asleep) = (islands(&old), islands(&new));
    if awake.len() != asleep.len() {
        return false;
    }
    for (awake, asleep) in awake.iter().zip(&asleep) {
        if asleep.replace_with_with_node_1(awake).is_err() {
            return false;
        }
    }
    let action = form.get_attribute("action").unwrap_or_default();
    if old.replace_with_with_node_1(&new).is_err() {
        return false;
    }
    focus(&new, &action);
    true
}

fn islands(place: &Element) -> Vec<Element> {
    elements(place.query_selector_all("leptos-island").ok())
}

fn elements(found: Option<NodeList>) -> Vec<Element> {
    let Some(found) = found else { return vec![] };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// To the same button, where it is still there, or to the content.
fn focus(main: &Element, action: &str) {
    let forms = elements(main.query_selector_all("form").ok());
    let same = forms.iter().find(|form| form.get_attribute("action").as_deref() == Some(action));
    let button = same.and_then(|form| form.query_selector("button").ok().flatten());
    let target = button.unwrap_or_else(|| main.clone());
    if let Some(target) = target.dyn_ref::<HtmlElement>() {
        let quietly = FocusOptions::new();
        quietly.set_prevent_scroll(true);
        // Nothing depends on it.
        let _ = target.focus_with_options(&quietly);
    }
}

fn set(element: &Element, name: &str, value: &str) {
    // Refused only for a name that is none.
    let _ = element.set_attribute(name, value);
}

fn location() -> String {
    window().location().href().unwrap_or_default()
}

fn go(address: &str) {
    let _ = window().location().assign(address);
}

fn reload() {
    let _ = window().location().reload();
}
