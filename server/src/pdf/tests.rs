//! What must hold for every document.

use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;

use super::*;

/// A small invoice with one of everything.
fn sample() -> InvoicePdf {
    InvoicePdf {
        lang: "en-GB".to_owned(),
        brand: BrandPdf {
            name: "Juniper & Finch".to_owned(),
            accent: [31, 95, 74],
            logo: None,
            email: "hello@juniperfinch.example".to_owned(),
        },
        title: "Invoice JF-2026-041".to_owned(),
        state: Some(StatePdf { label: "Draft".to_owned(), tone: Tone::Calm }),
        from: Party { lines: vec!["Juniper & Finch Ltd".to_owned()], tax_id: Some("VAT GB1".to_owned()) },
        to: Party { lines: vec!["Harbour Books".to_owned(), "Quay 1".to_owned()], tax_id: None },
        facts: vec![("Number".to_owned(), "JF-2026-041".to_owned())],
        subject: "Website care".to_owned(),
        lines: vec![line("Website care", "€1,250.00")],
        totals: vec![TotalPdf {
            label: "To pay".to_owned(),
            value: "€1,250.00".to_owned(),
            kind: TotalKind::Due,
        }],
        notes: "Thank you".to_owned(),
        is_payable: true,
        instructions: "IBAN DE02 1203 0000 0000 2020 51".to_owned(),
        payments: vec![PaymentPdf {
            date: "3 May".to_owned(),
            what: "Cash".to_owned(),
            amount: "€1.00".to_owned(),
        }],
        link: Some("https://portal.example/i/abc".to_owned()),
        footer: "Registered in England".to_owned(),
    }
}

fn line(description: &str, amount: &str) -> LinePdf {
    LinePdf {
        description: description.to_owned(),
        quantity: "1".to_owned(),
        unit_price: amount.to_owned(),
        tax: None,
        amount: amount.to_owned(),
    }
}

/// The text of each page, as it is drawn.
fn pages(document: &PagedDocument) -> Vec<String> {
    fn collect(frame: &Frame, text: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => collect(&group.frame, text),
                FrameItem::Text(item) => {
                    text.push_str(&item.text);
                    text.push('\n');
                }
                _ => {}
            }
        }
    }
    let page = |frame: &Frame| {
        let mut text = String::new();
        collect(frame, &mut text);
        text
    };
    document.pages().iter().map(|p| page(&p.frame)).collect()
}

fn read(invoice: &InvoicePdf) -> Vec<String> {
    pages(&world::typeset("invoice.typ", data::invoice(invoice)).unwrap())
}

#[test]
fn the_same_invoice_is_the_same_bytes() {
    let first = super::invoice(&sample()).unwrap();
    assert!(first.starts_with(b"%PDF-"));
    assert_eq!(first, super::invoice(&sample()).unwrap());
}

#[test]
fn documents_are_accessible() {
    assert!(is_accessible(&super::invoice(&sample()).unwrap()));
    let mut foreign = sample();
    foreign.to.lines = vec![
        "شركة الميناء (ش.م.م.)".to_owned(),
        "网站维护 웹사이트 वेबसाइट ค่าออกแบบ ✓ → 🌸 \u{e000}".to_owned(),
    ];
    assert!(is_accessible(&super::invoice(&foreign).unwrap()));
}

/// Whether a file says that it keeps to PDF/UA-1.
fn is_accessible(pdf: &[u8]) -> bool {
    let mark = b"<pdfuaid:part>1";
    pdf.windows(mark.len()).any(|window| window == mark)
}

#[test]
fn texts_are_shown_and_never_run() {
    let hostile = [
        "#import \"/etc/passwd\"",
        "#read(\"/etc/passwd\")",
        "#include \"base.typ\"",
        "$x^2$",
        "*bold* _it_ @label <label>",
        "\\ \" ' ` ~ -- ... // /* */",
        "= Heading",
        "]}) #panic()",
    ];
    for text in hostile {
        let mut invoice = sample();
        invoice.title = text.to_owned();
        invoice.subject = text.to_owned();
        invoice.lines[0].description = text.to_owned();
        invoice.lines[0].amount = text.to_owned();
        invoice.totals[0].label = text.to_owned();
        invoice.facts[0] = (text.to_owned(), text.to_owned());
        invoice.notes = text.to_owned();
        invoice.instructions = text.to_owned();
        invoice.footer = text.to_owned();
        invoice.brand.name = text.to_owned();
        invoice.brand.email = text.to_owned();
        invoice.to.lines = vec![text.to_owned()];
        invoice.state = Some(StatePdf { label: text.to_owned(), tone: Tone::Late });
        invoice.link = Some(format!("https://portal.example/{}", text.replace(' ', "")));
        super::invoice(&invoice).unwrap();
        // Words may stand on several lines.
        let bare = |text: &str| text.replace(|c: char| c.is_whitespace() || c == '\u{200b}', "");
        let shown = bare(&read(&invoice).concat());
        assert!(shown.matches(&bare(text)).count() >= 13, "{text}: {shown}");
    }
}

#[test]
fn odd_characters_break_nothing() {
    let odd = "\0\u{1}\u{7f}\u{85}\u{ad}\u{300}\u{202e}\u{2066}\u{fffe}\u{e000}\u{10ffff}\u{1f469}\u{200d}\u{1f4bb}\u{fe0f}\u{e0041}\u{94d}\u{0e33}\u{1b000}";
    // Typst panics over a mark that needs another font than what it stands on, in text from right to left.
    let mixed = "\u{5c6}\u{fffd}\u{59e} \u{fffd}\u{5b2}\u{64f} \u{6fa}\u{6a8}\u{fffd}\u{200b} \u{5aa}\u{653}";
    let mut texts =
        vec![odd.to_owned(), mixed.to_owned(), String::new(), "\u{301}".repeat(300), "\n".repeat(80)];
    texts.extend(odd.chars().map(String::from));
    texts.push("x".repeat(5_000));
    for text in texts {
        let mut invoice = sample();
        invoice.lang = text.clone();
        invoice.title = text.clone();
        invoice.brand.name = text.clone();
        invoice.to.lines = vec![text.clone()];
        invoice.lines[0] = line(&text, &text);
        invoice.totals[0].value = text.clone();
        invoice.instructions = text.clone();
        invoice.footer = text.clone();
        invoice.link = Some(format!("https://{text}"));
        super::invoice(&invoice).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    }
}

#[test]
fn a_logo_that_cannot_be_read_is_left_out() {
    for (bytes, content_type) in [
        (b"not a picture".to_vec(), "image/png"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0".to_vec(), "image/png"),
        (Vec::new(), "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "image/svg+xml"),
    ] {
        let mut invoice = sample();
        invoice.brand.logo = Some(LogoPdf { bytes, content_type: content_type.to_owned() });
        super::invoice(&invoice).unwrap();
        // The name stands in its place.
        assert_eq!(read(&invoice)[0].lines().next(), Some("Juniper & Finch"));
    }
}

#[test]
fn an_invoice_may_have_no_lines() {
    let mut invoice = sample();
    invoice.lines.clear();
    assert!(read(&invoice)[0].contains("This invoice has no lines."));
    super::invoice(&InvoicePdf::default()).unwrap();
}

#[test]
fn many_lines_are_many_pages_with_heads_and_feet() {
    let mut invoice = sample();
    invoice.lines = (0..200).map(|n| line(&format!("Line number {n}."), &format!("€{n}.00"))).collect();
    let pages = read(&invoice);
    assert!(pages.len() > 4, "{}", pages.len());
    for (n, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("Page {n} of {}", pages.len())), "{page}");
        assert!(!page.contains("Line number") || page.contains("Description"), "{page}");
    }
    let all = pages.concat();
    for n in 0..200 {
        assert_eq!(all.matches(&format!("Line number {n}.")).count(), 1);
    }
}

#[test]
fn the_longest_texts_stay_on_the_page() {
    let mut invoice = sample();
    let amount = "EUR 92,233,720,368,547,758.07";
    let long = "W".repeat(400);
    invoice.lines = vec![line(&long, amount), line("x", "1".repeat(300).as_str())];
    invoice.to.lines = vec![long.clone(), long.clone()];
    invoice.title = long.clone();
    invoice.brand.name = long.clone();
    invoice.totals[0] = TotalPdf { label: long.clone(), value: amount.to_owned(), kind: TotalKind::Due };
    invoice.notes = long.clone();
    invoice.link = Some(format!("https://portal.example/{long}"));
    assert!(is_accessible(&super::invoice(&invoice).unwrap()));
    let document = world::typeset("invoice.typ", data::invoice(&invoice)).unwrap();
    for page in document.pages() {
        assert_inside(&page.frame, 0.0, page.frame.width().to_pt());
    }
}

/// Every text of the frame ends before the margin of its page.
fn assert_inside(frame: &Frame, left: f64, page: f64) {
    for (at, item) in frame.items() {
        let x = left + at.x.to_pt();
        match item {
            FrameItem::Group(group) => assert_inside(&group.frame, x, page),
            FrameItem::Text(text) => {
                assert!(x >= 56.0, "{} begins at {x}", text.text);
                assert!(x + text.width().to_pt() <= page - 56.0, "{} ends too late", text.text);
            }
            _ => {}
        }
    }
}

#[test]
fn receipts_and_statements_are_documents_too() {
    let receipt = ReceiptPdf {
        title: "Receipt".to_owned(),
        amount: "€1.00".to_owned(),
        totals: sample().totals,
        ..ReceiptPdf::default()
    };
    assert_eq!(super::receipt(&receipt).unwrap(), super::receipt(&receipt).unwrap());
    let section = StatementSectionPdf {
        currency: "EUR".to_owned(),
        rows: vec![StatementRowPdf { balance: "€2.00".to_owned(), ..StatementRowPdf::default() }; 100],
        ..StatementSectionPdf::default()
    };
    let statement =
        StatementPdf { title: "Statement".to_owned(), sections: vec![section; 2], ..StatementPdf::default() };
    assert_eq!(super::statement(&statement).unwrap(), super::statement(&statement).unwrap());
    super::receipt(&ReceiptPdf::default()).unwrap();
    super::statement(&StatementPdf::default()).unwrap();
}
