// Presses the one button of a page that needs no decision: the form with the id "continue".
// Without this script the page shows the button, and a person presses it.

document.getElementById("continue")?.requestSubmit();
