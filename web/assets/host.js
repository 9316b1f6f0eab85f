// The page around a sandboxed embed on the try page: it does with the embed's messages what WordPress does. A link is
// followed if it comes from our frame, with the frame's secret, and leads to the frame's own host.
addEventListener("message", ({ data, source }) => {
  const { message, value, secret } = Object(data);
  const frame = [...document.querySelectorAll("iframe[data-secret]")].find((one) => one.contentWindow === source && one.dataset.secret === secret);
  if (!frame || message !== "link" || document.activeElement !== frame) return;
  const link = new URL(value, location.href);
  if (link.host === new URL(frame.src).host) top.location.href = link.href;
});
