import { Widget } from "./widget";

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <Widget />
        {children}
      </body>
    </html>
  );
}
