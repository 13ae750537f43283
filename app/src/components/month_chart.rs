//! What was paid by month, as bars. The picture has a sentence that says the same, and a table with the
//! figures.

use leptos::prelude::*;

use crate::{api::team::PaidMonth, format::Formats, money::Currency};

/// A bar each month. What is below nothing, because more went back than came, has no bar.
#[component]
pub fn MonthChart(
    /// The months in order; the last is the current one.
    months: Vec<PaidMonth>,
    currency: Currency,
    /// How the reader writes months and money.
    formats: Formats,
) -> impl IntoView {
    let top = top_of_scale(months.iter().map(|month| month.paid_minor).max().unwrap_or_default());
    let count = months.len().max(1);
    let width = WIDTH / i32::try_from(count).unwrap_or(12);
    let bars = months
        .iter()
        .enumerate()
        .map(|(place, month)| {
            let height = height_of(month.paid_minor, top);
            let left = width * i32::try_from(place).unwrap_or_default() + width / 6;
            let words = words(month, currency, &formats);
            let class = if place + 1 == count { "bar now" } else { "bar" };
            view! {
                <g>
                    <title>{words}</title>
                    <rect class="reach" x=left - width / 6 y=0 width=width height=HEIGHT/>
                    <rect class=class x=left y=HEIGHT - height width=width * 2 / 3 height=height/>
                </g>
            }
        })
        .collect_view();
    let labels =
        months.iter().map(|month| view! { <li>{formats.month_short(month.month)}</li> }).collect_view();
    let said = months
        .iter()
        .filter(|month| month.paid_minor != 0)
        .map(|month| words(month, currency, &formats))
        .collect::<Vec<_>>();
    let said = if said.is_empty() { "nothing".to_owned() } else { said.join("; ") };
    let label = format!("Paid by month in {currency}: {said}");
    let rows = months
        .iter()
        .rev()
        .map(|month| {
            view! {
                <tr>
                    <th scope="row">{formats.month(month.month)}</th>
                    <td class="num">{formats.money(month.paid_minor, currency)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="month-chart">
            <div class="plot">
                <ul class="scale small quiet num" aria-hidden="true">
                    <li>{formats.money(top, currency)}</li>
                    <li>{formats.money(top / 2, currency)}</li>
                    <li>{formats.money(0, currency)}</li>
                </ul>
                <svg
                    class="bars"
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=label
                >
                    <line class="grid" x1=0 y1=0 x2=WIDTH y2=0/>
                    <line class="grid" x1=0 y1=HEIGHT / 2 x2=WIDTH y2=HEIGHT / 2/>
                    {bars}
                    <line class="ground" x1=0 y1=HEIGHT x2=WIDTH y2=HEIGHT/>
                </svg>
                <ol class="months small quiet" aria-hidden="true">
                    {labels}
                </ol>
            </div>
            <details class="small">
                <summary class="quiet">"The figures as a table"</summary>
                <table>
                    <caption class="visually-hidden">{format!("Paid by month in {currency}")}</caption>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </div>
    }
}

/// The picture's own units: it is stretched to its place, so only the proportions count.
const WIDTH: i32 = 720;
const HEIGHT: i32 = 200;

fn words(month: &PaidMonth, currency: Currency, formats: &Formats) -> String {
    format!("{} {}", formats.month(month.month), formats.money(month.paid_minor, currency))
}

/// A round number at or above the highest bar, in minor units: 1, 2, 4, 5, 6 or 8 times a power of ten, so that
/// its half is round as well.
fn top_of_scale(highest: i64) -> i64 {
    let highest = highest.max(100);
    let mut power = 1_i64;
    while power <= highest / 10 {
        power *= 10;
    }
    [1, 2, 4, 5, 6, 8, 10]
        .into_iter()
        .filter_map(|times| power.checked_mul(times))
        .find(|top| *top >= highest)
        .unwrap_or(highest)
}

/// The height of a bar; what is there at all can be seen.
fn height_of(minor: i64, top: i64) -> i32 {
    if minor <= 0 {
        return 0;
    }
    let share = i128::from(minor) * i128::from(HEIGHT) / i128::from(top.max(1));
    i32::try_from(share).unwrap_or(HEIGHT).clamp(2, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_above_the_highest_bar() {
        for (highest, top) in
            [(0, 100), (302_000, 400_000), (641_000, 800_000), (100_000, 100_000), (99, 100)]
        {
            assert_eq!(top_of_scale(highest), top, "{highest}");
        }
        for highest in [1, 777, i64::MAX / 2, i64::MAX] {
            let top = top_of_scale(highest);
            assert!(top >= highest && height_of(highest, top) <= HEIGHT);
        }
    }

    #[test]
    fn a_bar_is_as_high_as_its_month() {
        assert_eq!([0, -5, 1, 200_000, 400_000].map(|minor| height_of(minor, 400_000)), [0, 0, 2, 100, 200]);
    }
}
