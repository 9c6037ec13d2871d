// Leaving in a hurry: by the button, by the hidden first link, or by Shift three times. What stands
// on the page is hidden at once, and going back in the browser leads away again. Without this
// script the links still leave. Read before the page is drawn, so that nothing flashes by.
(function () {
  'use strict';
  var FLAG = 'left', WITHIN_MS = 5000, PRESSES = 3;
  var page = document.documentElement;
  var hasLeft = false, presses = 0, forgetting = null;

  function remembered(value) {
    try {
      if (value === undefined) return sessionStorage.getItem(FLAG);
      if (value) sessionStorage.setItem(FLAG, value); else sessionStorage.removeItem(FLAG);
    } catch (fault) { /* storage is off: the browser then shows the page when going back */ }
    return null;
  }

  function away() {
    page.hidden = true;
    document.title = '…';
    window.location.replace(page.dataset.exit);
  }

  function leave() {
    hasLeft = true;
    page.hidden = true;
    remembered('1');
    // What opens a dialogue here is put out too; the answer is waited for by nobody.
    navigator.sendBeacon(page.dataset.leaveAddress, new URLSearchParams({ skyndsamt: '1' }));
    away();
  }

  function isBack() {
    var entry = performance.getEntriesByType('navigation')[0];
    return Boolean(entry) && entry.type === 'back_forward';
  }

  function tell(text) {
    var place = document.getElementById('lamna-sagt');
    if (place) place.textContent = text;
  }

  function forget() {
    presses = 0;
    tell('');
  }

  function press() {
    var words = document.querySelector('.door-exit');
    presses += 1;
    clearTimeout(forgetting);
    if (presses >= PRESSES) return leave();
    forgetting = setTimeout(forget, WITHIN_MS);
    if (words) tell(presses === 1 ? words.dataset.twoMore : words.dataset.oneMore);
  }

  if (remembered() && isBack()) return away();
  remembered('');
  document.addEventListener('click', function (event) {
    if (event.target instanceof Element && event.target.closest('[data-leave]')) {
      event.preventDefault();
      leave();
    }
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Shift' && presses) forget();
  });
  document.addEventListener('keyup', function (event) {
    if (event.key === 'Shift') press();
  });
  // Kept whole in the browser's memory: not even then is it shown again.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted && (hasLeft || remembered())) away();
  });
}());
