//! Norra Kaffe, a roastery in Sweden: billed in two currencies, read in Swedish formats.

use crate::demo::table::{Client, Contact, Invoice, Line, OPEN, REVERSE, State, Visit, card, part, transfer};

pub(super) static NORRA_KAFFE: Client = Client {
    name: "Norra Kaffe",
    currency: "SEK",
    locale: Some("sv-SE"),
    address: "Hornsgatan 58\n118 21 Stockholm\nSverige",
    tax_id: "SE556743219801",
    since: 330,
    contacts: &[
        Contact { name: "Anna Bergström", email: "anna@norrakaffe.example", portal_access: true },
        Contact { name: "Nils Åkesson", email: "nils@norrakaffe.example", portal_access: true },
    ],
    invoices: &[
        Invoice {
            issued: 312,
            terms: 30,
            title: "Packaging, three blends",
            reference: "Order 2210",
            currency: "SEK",
            notes: "Reverse charge: the customer accounts for VAT.",
            lines: &[
                Line("Concept and drafts", 24_000, "h", 1_050_00, REVERSE),
                Line("Final artwork", 3_000, "bag", 4_200_00, REVERSE),
            ],
            state: State::Sent(&[transfer(287, "Order 2210")]),
        },
        Invoice {
            issued: 208,
            terms: 30,
            title: "Trade fair stand, Göteborg",
            reference: "Order 2248",
            currency: "SEK",
            notes: "",
            lines: &[
                Line("Design of the stand", 31_500, "h", 1_050_00, REVERSE),
                Line("Building and transport", 1_000, "lot", 38_900_00, REVERSE),
                Line("Staff during set-up", 2_500, "day", 6_400_00, REVERSE),
            ],
            state: State::Sent(&[part(190, 40_000_00, "Order 2248 deposit"), transfer(176, "Order 2248")]),
        },
        Invoice {
            issued: 122,
            terms: 14,
            title: "Licence for the typeface",
            reference: "",
            currency: "EUR",
            notes: "",
            lines: &[Line("Desktop and web licence, three years", 1_000, "licence", 640_00, REVERSE)],
            state: State::Sent(&[card(121)]),
        },
        Invoice {
            issued: 64,
            terms: 30,
            title: "Packaging, winter blend",
            reference: "Order 2301",
            currency: "SEK",
            notes: "",
            lines: &[
                Line("Illustration", 12_750, "h", 1_050_00, REVERSE),
                Line("Final artwork", 1_000, "bag", 4_200_00, REVERSE),
            ],
            state: OPEN,
        },
        Invoice {
            issued: 26,
            terms: 30,
            title: "Online shop, subscriptions",
            reference: "Order 2316",
            currency: "SEK",
            notes: "",
            lines: &[
                Line("Concept", 8_000, "h", 1_050_00, REVERSE),
                Line("Development", 37_250, "h", 1_150_00, REVERSE),
            ],
            state: State::Sent(&[part(6, 20_000_00, "Order 2316 deposit")]),
        },
        Invoice {
            issued: 10,
            terms: 21,
            title: "Barista handbook, English edition",
            reference: "Order 2322",
            currency: "EUR",
            notes: "",
            lines: &[
                Line("Translation and proofreading", 34_000, "page", 46_50, REVERSE),
                Line("Layout", 34_000, "page", 22_00, REVERSE),
            ],
            state: OPEN,
        },
    ],
    visits: &[
        Visit {
            day: 121,
            contact: 0,
            browser: "Safari on macOS",
            network: "192.0.2.x",
            opened: &["Licence for the typeface"],
        },
        Visit {
            day: 24,
            contact: 1,
            browser: "Chrome on Android",
            network: "2001:db8:71::/48",
            opened: &["Online shop, subscriptions"],
        },
        Visit {
            day: 8,
            contact: 0,
            browser: "Safari on macOS",
            network: "192.0.2.x",
            opened: &["Packaging, winter blend", "Barista handbook, English edition"],
        },
    ],
};
