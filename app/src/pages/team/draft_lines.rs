//! The lines of a draft as they are typed, and what they come to.

use leptos::prelude::*;

use crate::{
    components::escaped,
    format::Formats,
    money::{Currency, Reckoning, TypedLine, line_net},
    problem::Problems,
};

/// The lines, with at least one to type into.
pub(super) fn lines(
    lines: &[TypedLine],
    currency: Currency,
    formats: &Formats,
    problems: &Problems,
) -> impl IntoView + use<> {
    let blank = [TypedLine::default()];
    let shown = if lines.is_empty() { &blank } else { lines };
    let rows = shown
        .iter()
        .enumerate()
        .map(|(at, typed)| line(at, typed, currency, formats, problems))
        .collect_view();
    view! { <div class="draft-lines">{rows}</div> }
}

fn line(
    at: usize,
    typed: &TypedLine,
    currency: Currency,
    formats: &Formats,
    problems: &Problems,
) -> impl IntoView + use<> {
    let problem = |field: &str| problems.of(&format!("lines.{at}.{field}"));
    let net = typed.read(currency, formats.decimal_sign()).ok().and_then(|line| line_net(line).ok());
    let amount = net.map(|minor| formats.money(minor, currency)).unwrap_or_default();
    let number = at + 1;
    let wrong = problem("description");
    let is_wrong = wrong.is_some();
    view! {
        <fieldset class="draft-line">
            <legend class="visually-hidden">"Line " <span class="line-number">{number}</span></legend>
            <label class="cell wide">
                <span>"Description"</span>
                <textarea
                    name="description"
                    rows="1"
                    maxlength="1000"
                    dir="auto"
                    aria-invalid=is_wrong.then_some("true")
                >
                    {escaped(&typed.description)}
                </textarea>
                {told(wrong)}
            </label>
            {cell("quantity", "Quantity", "decimal", &typed.quantity, problem("quantity"))}
            {cell("unit", "Unit", "text", &typed.unit, problem("unit"))}
            {cell("unitPrice", "Unit price", "decimal", &typed.unit_price, problem("unitPrice"))}
            {cell("taxRate", "Tax %", "decimal", &typed.tax_rate, problem("taxRate"))}
            <p class="cell line-amount">
                <span>"Amount"</span>
                <output class="num">{amount}</output>
            </p>
            <button class="text-button small remove" name="act" value=format!("remove:{at}")>
                "Remove" <span class="visually-hidden">" line " <span class="line-number">{number}</span></span>
            </button>
        </fieldset>
    }
}

fn cell(
    name: &'static str,
    label: &'static str,
    inputmode: &'static str,
    value: &str,
    problem: Option<String>,
) -> impl IntoView + use<> {
    let is_wrong = problem.is_some();
    let class = format!("cell {name}");
    view! {
        <label class=class>
            <span>{label}</span>
            <input
                name=name
                value=value.to_owned()
                inputmode=inputmode
                maxlength="40"
                dir="auto"
                aria-invalid=is_wrong.then_some("true")
            />
            {told(problem)}
        </label>
    }
}

fn told(problem: Option<String>) -> impl IntoView {
    problem.map(|problem| view! { <span class="problem small">{problem}</span> })
}

/// What the lines come to; the browser writes into the same places while one types.
pub(super) fn totals(
    reckoning: &Reckoning,
    discount: &str,
    currency: Currency,
    formats: &Formats,
    problems: &Problems,
) -> impl IntoView + use<> {
    let sums = reckoning.totals.as_ref().ok();
    let money = |minor: Option<i64>| minor.map(|minor| formats.money(minor, currency)).unwrap_or_default();
    let sum = money(sums.map(|sums| sums.subtotal_minor + sums.discount_minor));
    let off = money(sums.map(|sums| -sums.discount_minor));
    let tax = money(sums.map(|sums| sums.tax_minor));
    let total = money(sums.map(|sums| sums.total_minor));
    let problem = problems.of("discount");
    let is_wrong = problem.is_some();
    view! {
        <dl class="totals draft-totals" aria-live="off">
            <div>
                <dt>"Sum of the lines"</dt>
                <dd class="num" id="sum-lines">
                    {sum}
                </dd>
            </div>
            <div>
                <dt>
                    <label for="discount">"Discount in %"</label>
                    <input
                        id="discount"
                        name="discount"
                        value=discount.to_owned()
                        inputmode="decimal"
                        maxlength="40"
                        aria-invalid=is_wrong.then_some("true")
                    />
                    {told(problem)}
                </dt>
                <dd class="num" id="sum-discount">
                    {off}
                </dd>
            </div>
            <div>
                <dt>"Tax"</dt>
                <dd class="num" id="sum-tax">
                    {tax}
                </dd>
            </div>
            <div class="total">
                <dt>"Total"</dt>
                <dd class="num" id="sum-total">
                    {total}
                </dd>
            </div>
        </dl>
    }
}
