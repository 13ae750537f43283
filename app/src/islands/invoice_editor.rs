//! Sums a draft while it is typed, adds and removes lines in place, and saves by itself.
//!
//! It reads and writes the markup of the form, and computes by `money`, as the server does. Each answer to a
//! save gives the version that the next one is for; when somebody else has saved meanwhile, it stops, says so,
//! and touches nothing.

use std::time::Duration;

use leptos::{
    ev,
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        Element, Event, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement,
        HtmlTextAreaElement, RequestInit, Response, SubmitEvent, UrlSearchParams,
    },
};
use wasm_bindgen_futures::JsFuture;

use crate::money::{Currency, LineField, MoneyPattern, Reckoning, TypedLine, line_net};

/// A pause in typing after which it is saved.
const PAUSE: Duration = Duration::from_millis(900);
/// After a failure to reach the server, it is tried again after this time.
const AGAIN: Duration = Duration::from_secs(5);

/// What the island remembers.
#[derive(Clone, Copy)]
struct Memory {
    waiting: StoredValue<Option<TimeoutHandle>>,
    /// A save is under way.
    saving: StoredValue<bool>,
    /// Something was typed since the last save began.
    dirty: StoredValue<bool>,
    /// Somebody else has saved: nothing more is sent.
    stopped: StoredValue<bool>,
    /// The button by which the form is to be sent once the save under way has ended.
    then: StoredValue<Option<HtmlElement>, LocalStorage>,
}

/// Goes around the form with the id `draft`. Without a script each of its buttons saves.
#[island]
pub fn InvoiceEditor(
    /// The form.
    children: Children,
) -> impl IntoView {
    let memory = Memory {
        waiting: StoredValue::new(None),
        saving: StoredValue::new(false),
        dirty: StoredValue::new(false),
        stopped: StoredValue::new(false),
        then: StoredValue::new_local(None),
    };
    Effect::new(move |_| {
        window_event_listener(ev::pagehide, move |_| leave(memory));
    });
    view! {
        <div
            on:input=move |event| typed(&event, memory)
            on:click=move |event| clicked(&event, memory)
            on:submit=move |event| submitted(&event, memory)
        >
            {children()}
        </div>
    }
}

fn form() -> Option<HtmlFormElement> {
    document().get_element_by_id("draft")?.dyn_into().ok()
}

fn typed(event: &Event, memory: Memory) {
    if event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some() {
        changed(memory, PAUSE);
    }
}

/// Something is different: the sums follow at once, the server after a pause.
fn changed(memory: Memory, pause: Duration) {
    let Some(form) = form() else { return };
    reckon(&form);
    memory.dirty.set_value(true);
    if let Some(earlier) = memory.waiting.get_value() {
        earlier.clear();
    }
    let handle = set_timeout_with_handle(move || save(memory), pause).ok();
    memory.waiting.set_value(handle);
}

fn clicked(event: &ev::MouseEvent, memory: Memory) {
    let Some(button) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| target.closest("button[name=act]").ok().flatten())
        .and_then(|button| button.dyn_into::<HtmlButtonElement>().ok())
    else {
        return;
    };
    let act = button.value();
    if act == "add" {
        event.prevent_default();
        add_line();
        changed(memory, PAUSE);
    } else if act.starts_with("remove:") {
        event.prevent_default();
        if let Ok(Some(line)) = button.closest(".draft-line") {
            remove_line(&line);
        }
        changed(memory, PAUSE);
    }
}

/// A form that is sent while a save is under way would carry a version that is over: it waits.
fn submitted(event: &SubmitEvent, memory: Memory) {
    if let Some(earlier) = memory.waiting.get_value() {
        earlier.clear();
    }
    if memory.saving.get_value() {
        event.prevent_default();
        memory.then.set_value(event.submitter());
    } else {
        memory.dirty.set_value(false);
    }
}

/// The page goes away: what is not saved is sent along, without waiting for an answer.
fn leave(memory: Memory) {
    if !memory.dirty.get_value() || memory.saving.get_value() || memory.stopped.get_value() {
        return;
    }
    let Some((address, body)) =
        form().and_then(|form| Some((form.get_attribute("data-save")?, fields(&form)?)))
    else {
        return;
    };
    // Refused only where it is too long for a farewell; then the last second of typing is lost.
    let _ = window().navigator().send_beacon_with_opt_url_search_params(&address, Some(&body));
    memory.dirty.set_value(false);
}

fn save(memory: Memory) {
    if memory.stopped.get_value() || memory.saving.get_value() {
        return;
    }
    let Some((address, body)) =
        form().and_then(|form| Some((form.get_attribute("data-save")?, fields(&form)?)))
    else {
        return;
    };
    memory.saving.set_value(true);
    memory.dirty.set_value(false);
    say("Saving …");
    spawn_local(async move {
        let answer = post(&address, &body).await;
        memory.saving.set_value(false);
        match answer.as_deref().and_then(|text| text.split_once('\n')) {
            Some(("", sentence)) => {
                memory.stopped.set_value(true);
                say(sentence);
            }
            Some((version, sentence)) => {
                if let Some(field) = form().and_then(|form| field(&form, "version")) {
                    field.set_value(version);
                }
                say(sentence);
            }
            None => {
                say("Not saved: the server cannot be reached. It is tried again; keep this page open.");
                changed(memory, AGAIN);
            }
        }
        if let Some(button) = memory.then.try_update_value(Option::take).flatten() {
            button.click();
        } else if memory.dirty.get_value() {
            changed(memory, PAUSE);
        }
    });
}

/// `None`: no answer that says what came of it.
async fn post(address: &str, body: &UrlSearchParams) -> Option<String> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body.unchecked_ref::<JsValue>());
    let asked = window().fetch_with_str_and_init(address, &init);
    let response: Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    if !response.ok() || response.redirected() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn say(sentence: &str) {
    if let Some(state) = document().get_element_by_id("save-state") {
        state.set_text_content(Some(sentence));
    }
}

fn field(within: &Element, name: &str) -> Option<HtmlInputElement> {
    within.query_selector(&format!("input[name={name}]")).ok()??.dyn_into().ok()
}

fn value_of(element: &Element) -> String {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else {
        String::new()
    }
}

fn elements(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// What the form would send.
fn fields(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let body = UrlSearchParams::new().ok()?;
    for element in elements(form, "input[name], textarea[name]") {
        body.append(&element.get_attribute("name")?, &value_of(&element));
    }
    Some(body)
}

fn text_of(within: &Element, name: &str) -> String {
    let selector = format!("[name={name}]");
    within.query_selector(&selector).ok().flatten().map(|element| value_of(&element)).unwrap_or_default()
}

fn typed_line(line: &Element) -> TypedLine {
    TypedLine {
        description: text_of(line, "description"),
        quantity: text_of(line, "quantity"),
        unit: text_of(line, "unit"),
        unit_price: text_of(line, "unitPrice"),
        tax_rate: text_of(line, "taxRate"),
    }
}

/// Writes each line's amount and the sums, and marks what cannot be read.
fn reckon(form: &HtmlFormElement) {
    let attribute = |name: &str| form.get_attribute(name).unwrap_or_default();
    let Ok(currency) = attribute("data-currency").parse::<Currency>() else { return };
    let decimal_sign = attribute("data-decimal").chars().next().unwrap_or('.');
    let Some(pattern) = MoneyPattern::read(&attribute("data-large"), &attribute("data-small"), currency)
    else {
        return;
    };
    let mut lines = Vec::new();
    for element in elements(form, ".draft-line") {
        let line = typed_line(&element);
        let read = line.read(currency, decimal_sign);
        let amount = read.as_ref().ok().and_then(|line| line_net(*line).ok());
        if let Ok(Some(output)) = element.query_selector("output") {
            output.set_text_content(Some(&amount.map(|minor| pattern.write(minor)).unwrap_or_default()));
        }
        let wrong = read.err().unwrap_or_default();
        for part in [LineField::Quantity, LineField::UnitPrice, LineField::TaxRate] {
            let is_typed = !text_of(&element, part.name()).trim().is_empty();
            if let Some(input) = field(&element, part.name()) {
                mark(&input, is_typed && wrong.contains(&part));
            }
        }
        lines.push(line);
    }
    let discount = text_of(form, "discount");
    let reckoning = Reckoning::of(&lines, &discount, currency, decimal_sign);
    if let Some(input) = field(form, "discount") {
        mark(&input, reckoning.discount_ppm.is_none());
    }
    let sums = reckoning.totals.ok();
    let show = |id: &str, minor: Option<i64>| {
        if let Some(place) = document().get_element_by_id(id) {
            let text = minor.map(|minor| pattern.write(minor));
            place.set_text_content(Some(text.as_deref().unwrap_or("too much")));
        }
    };
    show("sum-lines", sums.as_ref().map(|sums| sums.subtotal_minor + sums.discount_minor));
    show("sum-discount", sums.as_ref().map(|sums| -sums.discount_minor));
    show("sum-tax", sums.as_ref().map(|sums| sums.tax_minor));
    show("sum-total", sums.as_ref().map(|sums| sums.total_minor));
}

/// Marked, or as it was: what the server has said about a field is over once the field is right.
fn mark(input: &HtmlInputElement, is_wrong: bool) {
    if is_wrong {
        let _ = input.set_attribute("aria-invalid", "true");
        return;
    }
    let _ = input.remove_attribute("aria-invalid");
    if let Some(told) = input.parent_element().and_then(|cell| cell.query_selector(".problem").ok().flatten())
    {
        told.remove();
    }
}

/// One more line, at the rate of the last one, ready to be typed into.
fn add_line() {
    let Some(form) = form() else { return };
    let Some(last) = elements(&form, ".draft-line").pop() else { return };
    let Some(copy) = last.clone_node_with_deep(true).ok().and_then(|node| node.dyn_into::<Element>().ok())
    else {
        return;
    };
    clear(&copy, true);
    if last.after_with_node_1(&copy).is_ok() {
        number_lines(&form);
        focus(&copy);
    }
}

/// The last one is emptied instead: there is always a line to type into.
fn remove_line(line: &Element) {
    let Some(form) = form() else { return };
    let lines = elements(&form, ".draft-line");
    if lines.len() == 1 {
        clear(line, true);
        focus(line);
        return;
    }
    let at = lines.iter().position(|other| other == line).unwrap_or_default();
    line.remove();
    number_lines(&form);
    let lines = elements(&form, ".draft-line");
    if let Some(near) = lines.get(at.min(lines.len().saturating_sub(1))) {
        focus(near);
    }
}

fn clear(line: &Element, keep_rate: bool) {
    for element in elements(line, "input, textarea") {
        let keeps = keep_rate && element.get_attribute("name").as_deref() == Some("taxRate");
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            if !keeps {
                input.set_value("");
            }
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value("");
        }
        let _ = element.remove_attribute("aria-invalid");
    }
    for told in elements(line, ".problem") {
        told.remove();
    }
    if let Ok(Some(output)) = line.query_selector("output") {
        output.set_text_content(None);
    }
}

fn focus(line: &Element) {
    let area =
        line.query_selector("textarea").ok().flatten().and_then(|area| area.dyn_into::<HtmlElement>().ok());
    if let Some(area) = area {
        // Fails only for what cannot be focused.
        let _ = area.focus();
    }
}

fn number_lines(form: &HtmlFormElement) {
    for (at, line) in elements(form, ".draft-line").iter().enumerate() {
        for number in elements(line, ".line-number") {
            number.set_text_content(Some(&(at + 1).to_string()));
        }
        if let Some(button) =
            elements(line, "button.remove").pop().and_then(|it| it.dyn_into::<HtmlButtonElement>().ok())
        {
            button.set_value(&format!("remove:{at}"));
        }
    }
}
