export default function Done() {
  return <p>Thank you for your order.</p>;
}
