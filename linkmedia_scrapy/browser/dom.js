// The document as it stands, open shadow roots included as declarative ones, with what says how to read it.
() => {
  // a form with a field of a property's name has the field there, and so has the document with a form's: the prototypes' own are asked
  const own = (type, name, e) => Object.getOwnPropertyDescriptor(type.prototype, name).get.call(e);
  const find = root => (root === document ? Document : DocumentFragment).prototype.querySelectorAll.call(root, '*');
  const shadows = [];
  const collect = root => {
    for (const e of find(root)) { const shadow = own(Element, 'shadowRoot', e); if (shadow) { shadows.push(shadow); collect(shadow); } }
  };
  collect(document);
  const root = own(Document, 'documentElement', document);
  let html = '';
  if (root) {
    const clone = root.cloneNode(false);
    const shell = clone.outerHTML;
    const inner = root.getHTML ? root.getHTML({serializableShadowRoots: true, shadowRoots: shadows}) : root.innerHTML;
    const cut = shell.lastIndexOf('</');
    html = cut < 0 ? root.outerHTML : shell.slice(0, cut) + inner + shell.slice(cut);
  }
  const type = own(Document, 'doctype', document);
  const doctype = !type ? '' : '<!DOCTYPE ' + type.name + (type.publicId ? ' PUBLIC "' + type.publicId + '"' : type.systemId ? ' SYSTEM' : '') +
    (type.systemId ? ' "' + type.systemId + '"' : '') + '>';
  // a document that comes in this one's place does not have it
  Object.defineProperty(window, '__linkmedia_taken', {value: true, enumerable: false, configurable: true});
  return {
    html: html && doctype + html, charset: own(Document, 'characterSet', document), contentType: own(Document, 'contentType', document),
    url: location.href,
  };
}
