import { initAll } from './vendor/govuk.js';
// Components that speak (password field, character count) get their Swedish words as attributes.
initAll();
