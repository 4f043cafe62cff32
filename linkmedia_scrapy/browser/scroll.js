// Go on scrolling the page for `budget` ms, and the boxes that scroll in its stead, one after the other.
// Gives {steps, height, end: "bottom" | "scroll_steps" | "scroll_height" | ""}. BOXES stands for boxes.js.
// What it knows stays in the page between calls, so that each call is short and a page that hangs is noticed.
async ({budget, maxSteps, maxHeight, pause, settle}) => {
  const key = '__linkmedia_scroll';
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
  // an unpainted page gets no animation frames: the timer keeps the wait short there
  const frames = () => Promise.race([new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))), wait(200)]);
  let state = window[key];
  if (!state) {
    state = {targets: [null], at: 0, y: 0, steps: 0, lively: false, removed: new Set(), size: 0, // null: the page
      hidden: new Set(), seen: new WeakMap(), revealed: new Map(), nextLook: 0, inVain: 0, missed: null};
    Object.defineProperty(window, key, {value: state, enumerable: false, configurable: true});
    // what the page shows and takes away again while it is scrolled: virtual lists keep only what is in view
    const ticking = new WeakSet();
    new MutationObserver(changes => {
      state.lively = true;
      const taken = new Map(), added = new Map();
      for (const change of changes) {
        const lines = taken.get(change.target) || [];
        taken.set(change.target, lines);
        added.set(change.target, (added.get(change.target) || 0) + change.addedNodes.length);
        for (const node of change.removedNodes) {
          if (state.size > 1e6) return;
          const text = (node.textContent || '').slice(0, 2000);
          state.size += text.length + 1;
          lines.push(...text.split('\n').filter(line => line.trim()));
        }
      }
      for (const [parent, lines] of taken) {
        // a clock, a countdown, a quotation that gives way to the next: a few lines are all that stands there, and others take their place
        if (lines.length && lines.length <= 3 && added.get(parent) >= parent.childNodes.length) {
          if (ticking.has(parent)) continue;
          ticking.add(parent);
        }
        for (const line of lines) state.removed.add(line.trim());
      }
    }).observe(document, {childList: true, subtree: true});
  }
  const root = () => document.scrollingElement || document.documentElement;
  const others = () => {
    const found = BOXES(), body = document.body;
    // with overflow on html, that of body is its own, not the window's; what is hidden there can be scrolled by scripts
    if (body && body !== root() && !/visible/.test(getComputedStyle(document.documentElement).overflow) &&
      body.scrollHeight > body.clientHeight + 1 && /auto|scroll|hidden/.test(getComputedStyle(body).overflowY)) found.unshift(body);
    return found.filter(e => !state.targets.includes(e));
  };
  const box = () => state.targets[state.at];
  const target = () => box() || root();
  const view = () => Math.max(100, box() ? box().clientHeight : innerHeight);
  // contents that are hidden until they are in view, and are so again when they have left it, as many a script has it: `revealed` has
  // what they came to be, for pictures that are taken when they are out of view; `seen` has how all others were last looked at
  const isHidden = ({opacity, visibility}) => opacity < 0.1 || visibility === 'hidden';
  // what an element comes to be when its transitions and animations have ended; a script's own may be anywhere on its way
  const endOf = (e, {opacity, visibility, transform}) => {
    const end = {opacity: +opacity, visibility, transform, known: false};
    for (const a of e.getAnimations()) {
      const last = a.effect.getComputedTiming().endTime < Infinity && a.effect.getKeyframes().at(-1);
      if (last) for (const name of ['opacity', 'visibility', 'transform']) if (last[name] !== undefined) { end[name] = last[name]; end.known = true; }
    }
    return end;
  };
  const lookForHidden = () => {
    const begun = performance.now();
    if (begun < state.nextLook) return;
    for (const e of document.querySelectorAll('body *')) {
      const style = getComputedStyle(e), was = state.seen.get(e);
      if (!isHidden(style)) {
        if (was && !(was.opacity < 1)) continue;
        const end = style.opacity < 1 ? endOf(e, style) : {opacity: 1, transform: style.transform};
        if (was && !end.known && was.opacity !== end.opacity) end.opacity = 1;
        state.seen.set(e, end);
        continue;
      }
      if (state.hidden.has(e) || state.hidden.size >= 2000 || (style.opacity >= 0.1 && getComputedStyle(e.parentElement).visibility === 'hidden')) continue;
      state.hidden.add(e);
      const {top, bottom} = e.getBoundingClientRect();
      if (was && (bottom <= 0 || top >= innerHeight)) state.revealed.set(e, was);
    }
    state.nextLook = performance.now() + 20 * (performance.now() - begun);
  };
  const noteRevealed = () => {
    for (const e of state.hidden) {
      const {top, bottom, width, height} = e.getBoundingClientRect(), part = Math.min(bottom, innerHeight) - Math.max(top, 0);
      if (part <= 0 || !width || !height) continue;
      const end = endOf(e, getComputedStyle(e)), before = state.revealed.get(e);
      if (!isHidden(end)) {
        if (!before || !before.known || end.known) state.revealed.set(e, {...end, opacity: end.known ? end.opacity : 1});
      } else if (part > height * 3 / 4) state.revealed.delete(e); // what goes while it is looked at, such as a slide or a spinner, goes by time
    }
  };
  // an image in view, or anywhere, that shows nothing, or something far smaller, in the stead of what an attribute names
  const asleep = (e, anywhere) => {
    const {top, bottom, left, right, width, height} = e.getBoundingClientRect();
    if (!anywhere && (bottom <= 0 || top >= innerHeight) || right <= 0 || left >= innerWidth || !width || !height) return false;
    if (e.currentSrc && !e.currentSrc.startsWith('data:') && !(e.complete && e.naturalWidth < width / 4)) return false;
    return [...e.attributes].some(({name, value}) => /^data-.*(?:src|lazy|original|echo)/.test(name) &&
      /\.(?:avif|gif|jpe?g|png|svg|webp)\b/i.test(value) && value !== e.getAttribute('src') && value !== e.getAttribute('srcset'));
  };
  // scripts that wait for a pause in the scrolling get one, unless they have let it pass thrice
  const pauseFor = async (waits, patience) => {
    const end = performance.now() + patience;
    while (state.inVain < 3 && waits()) {
      if (performance.now() > end) { state.inVain++; return; }
      await wait(50);
    }
  };
  const wake = () => pauseFor(() => [...document.querySelectorAll('img')].some(e => asleep(e)), 600);
  // images that scripts have given up since they went out of view before they were there are seen once more; whether that is done
  const goBack = async () => {
    const missed = state.missed = state.missed || [...document.querySelectorAll('img')].filter(e => asleep(e, true));
    if (!missed.length) return true;
    while (missed.length && state.inVain < 3 && performance.now() < until) {
      const e = missed.shift();
      if (!asleep(e, true)) continue;
      const {top, height} = e.getBoundingClientRect();
      target().scrollBy({top: top + height / 2 - innerHeight / 2, behavior: 'instant'});
      await frames();
      await pauseFor(() => asleep(e) || !e.complete, 2000);
    }
    target().scrollTo({top: state.y, behavior: 'instant'});
    return !missed.length || state.inVain >= 3;
  };
  const answer = end => ({end: state.end = end, steps: state.steps, height: target().scrollHeight});
  const until = performance.now() + budget;
  while (performance.now() < until) {
    const height = target().scrollHeight;
    if (state.y + view() >= height) {
      // a page that changes while it is scrolled gets more time, and to see the reader come back: it may have been busy the first time
      const patience = performance.now() + (state.lively ? 4 * settle : settle);
      for (let turn = 1; target().scrollHeight <= height && performance.now() < Math.min(patience, until); turn++) {
        await wait(25);
        if (state.lively && turn % 12 === 0) {
          target().scrollBy({top: -view() / 4, behavior: 'instant'});
          await frames();
          target().scrollBy({top: view() / 4, behavior: 'instant'});
        }
      }
      noteRevealed();
      if (target().scrollHeight > height) continue;
      if (performance.now() < patience || (!state.at && !await goBack())) return answer('');
      if (state.at === state.targets.length - 1) state.targets.push(...others());
      if (state.at === state.targets.length - 1) return answer('bottom');
      state.at++;
      state.y = 0;
      target().scrollIntoView({block: 'nearest', behavior: 'instant'});
      continue;
    }
    if (state.steps >= maxSteps) return answer('scroll_steps');
    if (state.y + view() >= maxHeight) return answer('scroll_height');
    lookForHidden();
    const from = state.y;
    state.y = Math.min(from + view(), height - view());
    state.steps++;
    state.missed = null;
    // where there is time, a stop on the way: what two screens share in halves is whole once, for those who wait to see all of it
    for (const top of pause ? [(from + state.y) / 2, state.y] : [state.y]) {
      target().scrollTo({top, left: 0, behavior: 'instant'});
      await frames();
      lookForHidden();
      noteRevealed();
    }
    await wait(pause);
    if (pause > 50) await wake();
    noteRevealed();
  }
  return answer('');
}
