import { initAll } from './vendor/govuk.js';
// Components that speak (password field, character count) get their Swedish words as attributes.
initAll();

// Back fetches a form anew and fills in what was typed. It keeps the token that it was sent with,
// so that sending it once more is told from sending a new one.
const tokens = [...document.querySelectorAll('input[name="once"]')];
const sent = history.state?.once;
if (sent?.length === tokens.length) tokens.forEach((field, at) => { field.value = sent[at]; });
// A page that answers a form takes a new place in the history: with the old one the browser would
// keep in its files what was typed, also a name that was searched for.
else if (tokens.length || 'answersAForm' in document.body.dataset) {
  history.replaceState({ ...history.state, once: tokens.map((field) => field.value) }, '');
}
