(() => {
  'use strict';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const left = document.getElementById('left');
  const sides = all('.side');
  let current = null;

  // Lights a value and its boxes, and brings them into view; `from` is the pane that was clicked and stays where it is.
  const light = (element, from) => {
    all('.on').forEach(e => e.classList.remove('on'));
    current = null;
    if (!element) return;
    const id = element.dataset.v;
    all(`[data-v="${CSS.escape(id)}"]`).forEach(e => e.classList.add('on'));
    current = left.querySelector(`[data-v="${CSS.escape(id)}"]`);
    for (const side of sides) {
      const box = side.querySelector('rect.on');
      if (box && side !== from) box.scrollIntoView({ block: 'center', inline: 'center' });
    }
    if (current && from !== left) current.scrollIntoView({ block: 'center' });
    const anchor = current && current.closest('[id*="/"]');
    if (anchor) try { history.replaceState(null, '', '#' + encodeURI(anchor.id)); } catch { /* a sandboxed file has no history */ }
  };

  const follow = () => {
    const target = document.getElementById(decodeURI(location.hash.slice(1)));
    const value = target && (target.dataset.v ? target : target.querySelector('[data-v]'));
    if (value) { light(value, null); target.scrollIntoView({ block: 'start' }); }
  };

  document.addEventListener('click', event => {
    const value = event.target.closest('[data-v]');
    if (value) light(value, event.target.closest('#left, .side'));
  });
  addEventListener('hashchange', follow);

  all('input[data-layer]').forEach(box => {
    const show = () => document.body.classList.toggle('no-' + box.dataset.layer, !box.checked);
    box.addEventListener('change', show);
    show();
  });

  const filter = document.getElementById('filter');
  const fold = text => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  filter.addEventListener('input', () => {
    const wanted = fold(filter.value);
    all('article').forEach(a => { a.hidden = !fold(a.textContent).includes(wanted); });
  });

  let zoom = 1;
  const zoomBy = factor => {
    zoom = Math.min(8, Math.max(0.25, zoom * factor));
    document.body.style.setProperty('--zoom', zoom);
  };
  document.getElementById('in').addEventListener('click', () => zoomBy(1.25));
  document.getElementById('out').addEventListener('click', () => zoomBy(0.8));

  const step = (elements, by) => {
    const shown = elements.filter(e => !e.closest('[hidden]'));
    const before = current ? shown.filter(e => e === current || e.compareDocumentPosition(current) & 4).length - 1 : -1;
    return shown[Math.min(shown.length - 1, Math.max(0, before + by))];
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === filter) { if (event.key === 'Escape') { filter.blur(); } return; }
    const values = () => all('[data-v]', left);
    const heads = () => all('article h3[data-v]', left);
    const layers = all('input[data-layer]');
    switch (event.key) {
      case 'n': light(step(values(), 1), null); break;
      case 'p': light(step(values(), -1), null); break;
      case 'j': light(step(heads(), 1), null); break;
      case 'k': light(step(heads(), current && current.matches('h3') ? -1 : 0), null); break;
      case '+': zoomBy(1.25); break;
      case '-': zoomBy(0.8); break;
      case '/': filter.focus(); event.preventDefault(); break;
      case 'Escape': light(null); break;
      case 'Enter': if (event.target.dataset && event.target.dataset.v) light(event.target, left); break;
      default: {
        const box = layers[Number(event.key) - 1];
        if (box) box.click();
      }
    }
  });
  follow();
})();
