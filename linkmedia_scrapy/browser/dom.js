// The document as it stands, open shadow roots included as declarative ones, with what says how to read it.
() => {
  const shadows = [];
  const collect = root => { for (const e of root.querySelectorAll('*')) if (e.shadowRoot) { shadows.push(e.shadowRoot); collect(e.shadowRoot); } };
  collect(document);
  const root = document.documentElement;
  let html = '';
  if (root) {
    const clone = root.cloneNode(false);
    const shell = clone.outerHTML;
    const inner = root.getHTML ? root.getHTML({serializableShadowRoots: true, shadowRoots: shadows}) : root.innerHTML;
    const cut = shell.lastIndexOf('</');
    html = cut < 0 ? root.outerHTML : shell.slice(0, cut) + inner + shell.slice(cut);
  }
  const type = document.doctype;
  const doctype = !type ? '' : '<!DOCTYPE ' + type.name + (type.publicId ? ' PUBLIC "' + type.publicId + '"' : type.systemId ? ' SYSTEM' : '') +
    (type.systemId ? ' "' + type.systemId + '"' : '') + '>';
  // a document that comes in this one's place does not have it
  Object.defineProperty(window, '__linkmedia_taken', {value: true, enumerable: false, configurable: true});
  return {html: doctype + html, charset: document.characterSet, contentType: document.contentType, url: location.href};
}
