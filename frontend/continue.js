// Looks after the form with the id "continue", which has one button and can be sent once: the second half
// of a double click would find its link used up. Where the page says that nothing is left to decide
// (data-at-once), it presses the button. Without this script, a person presses it.

const form = document.getElementById("continue");

form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
  }
  form.dataset.sent = "yes";
});

// Whoever comes back to the page finds the button as it was.
addEventListener("pageshow", () => {
  delete form?.dataset.sent;
});

if (form?.dataset.atOnce !== undefined) {
  form.requestSubmit();
}
