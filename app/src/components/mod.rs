//! The parts that pages are made of. None of them loads data.

#![expect(
    unreachable_pub,
    reason = "`#[component]` makes the types of its props public, and nobody names them"
)]

mod brand;
mod day_range;
mod due_list;
mod email_form;
mod empty;
mod feed;
mod field;
mod ledger;
mod mail_link;
mod month_chart;
mod pagination;
mod pay_online;
mod pay_panel;
mod payment_table;
mod search;
mod statement;
mod status;

pub use brand::{BrandHeading, BrandLink};
pub use day_range::DayRange;
pub use due_list::DueList;
pub use email_form::EmailForm;
pub use empty::Empty;
pub use feed::{Feed, said};
pub(crate) use field::escaped;
pub use field::{Checkbox, FormProblem, TextArea, TextField};
pub use ledger::Ledger;
pub use mail_link::MailLink;
pub use month_chart::MonthChart;
pub use pagination::{Pagination, PaginationProps};
pub use pay_online::{
    CreditNotice, CreditNoticeProps, MOST_PAID_AT_ONCE, MOST_TYPED_AS_AMOUNT, PayButton, PayButtonProps,
    PayNews, PayState, PayStateProps, credit_to_payer, is_awaited, waiting,
};
pub use pay_panel::{PayPanel, PayRequest};
pub use payment_table::PaymentTable;
pub use search::{SearchForm, found_words};
pub use statement::{PeriodChoice, PeriodForm, StatementTables};
pub use status::{Chip, Tone, status_words};
