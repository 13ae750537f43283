//! Lindberg Studio and Atelier Lindberg: two clients, and one person who is a contact of both.

use crate::demo::table::{Client, Contact, Invoice, Line, OPEN, REDUCED, State, VAT, Visit, card, transfer};

const MARA_LIND: Contact =
    Contact { name: "Mara Lind", email: "mara.lind@lindberg.example", portal_access: true };

pub(super) static STUDIO: Client = Client {
    name: "Lindberg Studio",
    currency: "EUR",
    locale: None,
    address: "Kastanienallee 77\n10435 Berlin\nGermany",
    tax_id: "DE311902458",
    since: 250,
    contacts: &[MARA_LIND],
    invoices: &[
        Invoice {
            issued: 214,
            terms: 14,
            title: "Portfolio website",
            reference: "",
            currency: "EUR",
            notes: "",
            lines: &[
                Line("Design", 16_000, "h", 95_00, VAT),
                Line("Development", 22_500, "h", 105_00, VAT),
                Line("Domain and hosting, one year", 1_000, "year", 148_00, VAT),
            ],
            state: State::Sent(&[transfer(203, "Portfolio")]),
        },
        Invoice {
            issued: 47,
            terms: 14,
            title: "Exhibition booklet",
            reference: "LS-19",
            currency: "EUR",
            notes: "",
            lines: &[
                Line("Layout, 24 pages", 24_000, "page", 42_00, VAT),
                Line("Printing, 400 copies", 1_000, "lot", 612_00, REDUCED),
            ],
            state: OPEN,
        },
        Invoice {
            issued: 5,
            terms: 14,
            title: "Portfolio website, new projects",
            reference: "",
            currency: "EUR",
            notes: "",
            lines: &[Line("Updates and image editing", 4_250, "h", 95_00, VAT)],
            state: OPEN,
        },
    ],
    visits: &[Visit {
        day: 45,
        contact: 0,
        browser: "Safari on macOS",
        network: "198.51.100.x",
        opened: &["Exhibition booklet"],
    }],
};

pub(super) static ATELIER: Client = Client {
    name: "Atelier Lindberg",
    currency: "EUR",
    locale: Some("de-DE"),
    address: "Lehmweg 4\n14467 Potsdam\nDeutschland",
    tax_id: "DE327760915",
    since: 190,
    contacts: &[
        MARA_LIND,
        Contact { name: "Henrik Lindberg", email: "henrik@lindberg.example", portal_access: true },
    ],
    invoices: &[
        Invoice {
            issued: 156,
            terms: 30,
            title: "Corporate design",
            reference: "AL 2/1",
            currency: "EUR",
            notes: "",
            lines: &[
                Line("Workshop with preparation", 1_000, "day", 1_140_00, VAT),
                Line("Logotype and stationery", 38_000, "h", 95_00, VAT),
                Line("Style guide", 1_000, "lot", 1_250_00, VAT),
            ],
            state: State::Sent(&[transfer(129, "AL 2/1")]),
        },
        Invoice {
            issued: 18,
            terms: 30,
            title: "Corporate design, vehicles",
            reference: "AL 2/3",
            currency: "EUR",
            notes: "",
            lines: &[
                Line("Design for two vans", 11_000, "h", 95_00, VAT),
                Line("Foil and mounting", 2_000, "van", 780_00, VAT),
            ],
            state: State::Sent(&[card(15)]),
        },
        Invoice {
            issued: 2,
            terms: 30,
            title: "Corporate design, signs",
            reference: "AL 2/4",
            currency: "EUR",
            notes: "",
            lines: &[Line("Drawings for the sign maker", 6_500, "h", 95_00, VAT)],
            state: OPEN,
        },
    ],
    visits: &[Visit {
        day: 15,
        contact: 0,
        browser: "Safari on macOS",
        network: "198.51.100.x",
        opened: &["Corporate design, vehicles"],
    }],
};
