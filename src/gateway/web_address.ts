// What an address of the network is: whose it is and who can be reached by it. Pure.
import ipaddr from "ipaddr.js";

export type AddressKind =
  /** Anybody's on the internet. */
  | "global"
  /** Of a private network. */
  | "private"
  /** This machine. */
  | "loopback"
  /** A cloud's own services, which give keys to whoever asks. */
  | "metadata"
  /** Neighbours on the wire, groups, documentation, an address wrapped in another, and the like. */
  | "special";

/** Where clouds serve metadata outside of link-local ranges. */
const METADATA = [
  "100.100.100.200",
  "168.63.129.16",
  "169.254.169.254",
  "169.254.170.2",
  "192.0.0.192",
  "fd00:ec2::254",
  "fd20:ce::254",
].map((address) => ipaddr.parse(address).toString());

const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** `address` as a resolver or URL gives it, without brackets; undefined for what is none. */
export function addressKind(address: string): AddressKind | undefined {
  const isIpv4 = ipaddr.IPv4.isValidFourPartDecimal(address);
  if (!isIpv4 && !ipaddr.IPv6.isValid(address)) return undefined;
  const found = isIpv4 ? ipaddr.IPv4.parse(address) : ipaddr.IPv6.parse(address);
  if (METADATA.includes(found.toString())) return "metadata";
  switch (found.range()) {
    case "unicast":
      // ::/8 holds addresses of IPv4, and more that nobody was given.
      return isIpv4 || found.match(GLOBAL_IPV6) ? "global" : "special";
    case "private":
    case "uniqueLocal":
    case "carrierGradeNat":
      return "private";
    case "loopback":
      return "loopback";
    default:
      return "special";
  }
}

/** Whether the address is this machine's in any spelling, 0.0.0.0 and a wrapped one too. */
export function isThisMachine(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const range = ipaddr.process(address).range();
  return range === "loopback" || range === "unspecified";
}
