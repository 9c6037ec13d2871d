// What is typed is sent to the server every few seconds and sealed there. Nothing is stored in the
// browser: no local storage, no cache, no history. Without this script the form simply works.
const EVERY_MS = 3000;
const ENDED_EVERY_MS = 15000; // how often to look whether somebody has signed in again
const FAILED_EVERY_MS = 30000; // how often to try what the server could not do
const KEEPALIVE_MOST = 60000; // what a browser lets a page send while it closes

const place = document.querySelector('[data-draft-to]');
const form = formOf(document);
if (place && form) keepDrafts(place.dataset);

function formOf(page) {
  return [...page.querySelectorAll('input[name="draft"]')]
    .map((field) => field.form).find((one) => one && !one.matches('.hamn-draft__throw'));
}

function keepDrafts(words) {
  const status = document.querySelector('.hamn-draft__status');
  const field = (name) => form.elements.namedItem(name);
  let saved = typed();
  let savedAt = words.savedAt;
  let isOffline = false;
  let isSending = false; // the form itself
  let asking = null;
  let notBefore = 0;

  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const isTyped = typeof value === 'string' && name !== 'once' && name !== 'csrfmiddlewaretoken';
      if (isTyped) fields.append(name, value);
    }
    return fields.toString();
  }

  function say(text) {
    const told = text.replace('{time}', savedAt);
    if (status.textContent !== told) status.textContent = told;
  }

  function lost() {
    isOffline = true;
    say(savedAt ? words.offline : words.offlineAll);
  }

  async function save({ isLeaving = false, isForced = false } = {}) {
    const now = typed();
    const isDue = now !== saved && !asking && Date.now() >= notBefore;
    if (isSending || !(isDue || isForced)) return;
    asking?.abort();
    const fields = new URLSearchParams(now);
    fields.set('csrfmiddlewaretoken', field('csrfmiddlewaretoken').value);
    fields.set('form', field('once').value);
    const own = new AbortController();
    asking = own;
    try {
      const answer = await fetch(words.draftTo, {
        method: 'POST',
        body: fields,
        redirect: 'manual',
        cache: 'no-store',
        signal: own.signal,
        keepalive: isLeaving && now.length < KEEPALIVE_MOST,
      });
      // Whatever it says, there is a connection, and the form may be sent as it stands.
      isOffline = false;
      await judge(answer, now);
    } catch (fault) {
      if (fault.name === 'TypeError') lost(); // no answer at all
      else if (fault.name !== 'AbortError') failed();
    }
    if (asking === own) asking = null;
  }

  function failed() {
    notBefore = Date.now() + FAILED_EVERY_MS;
    say(words.failed);
  }

  async function judge(answer, now) {
    if (answer.ok) {
      const told = await answer.json();
      saved = now;
      savedAt = told.saved || savedAt;
      say(told.saved ? words.saved : words.sent);
    } else if (answer.type === 'opaqueredirect' || answer.status === 403) {
      if (await renewed()) return;
      notBefore = Date.now() + ENDED_EVERY_MS;
      say(savedAt ? words.ended : words.endedAll);
    } else if ([400, 413, 422].includes(answer.status)) {
      saved = now; // the same is not sent again
      say(words.refused);
    } else failed();
  }

  // Signed in again, in another tab: the page's tokens are exchanged, and the writing goes on.
  async function renewed() {
    const answer = await fetch(location.href, { redirect: 'manual', cache: 'no-store' });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const isHers = page.querySelector('[data-draft-to]')?.dataset.whose === words.whose;
    const fresh = isHers && formOf(page);
    if (!fresh) return false;
    // The draft's stays as it is: what was kept of this form is gone on with, not begun anew.
    for (const name of ['csrfmiddlewaretoken', 'once']) {
      field(name).value = fresh.elements.namedItem(name).value;
    }
    return true;
  }

  setInterval(save, EVERY_MS);
  form.addEventListener('submit', async (event) => {
    if (typed().length > Number(words.most)) {
      event.preventDefault();
      say(words.tooLong);
      return;
    }
    if (isOffline || !navigator.onLine) {
      event.preventDefault();
      const { submitter } = event;
      if (navigator.onLine) await save({ isForced: true });
      if (isOffline || !navigator.onLine) lost();
      else form.requestSubmit(submitter);
      return;
    }
    isSending = true;
    asking?.abort();
  });
  addEventListener('offline', lost);
  addEventListener('online', () => save({ isForced: true }));
  addEventListener('visibilitychange', () => { if (document.hidden) save({ isLeaving: true }); });
  addEventListener('beforeunload', (event) => {
    if (isOffline && !isSending && typed() !== saved) event.preventDefault();
  });
  // Shown again as it stood when it was left: it is asked for anew, or not shown at all.
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
}
