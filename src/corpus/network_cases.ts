// Every way to talk to another process or machine without a file.
import type { AttackCase } from "./attack_case.ts";
import { call, eitherOf, rawCall } from "./native.ts";
import { bash } from "./steps.ts";

const SOCKET = call(41, 198);
const about = { row: 12, layer: "seccomp" } as const;

/** Address family, type and protocol of what a socket might be made for. */
const SOCKETS: Readonly<Record<string, readonly [family: number, type: number, protocol: number]>> =
  {
    "tcp": [2, 1, 0],
    "tcp over IPv6": [10, 1, 0],
    "udp": [2, 2, 0],
    "unix stream": [1, 1, 0],
    "unix datagram": [1, 2, 0],
    "netlink": [16, 3, 0],
    "packet": [17, 3, 0],
    "icmp": [2, 2, 1],
    "raw": [2, 3, 255],
    "sctp": [2, 1, 132],
    "mptcp": [2, 1, 262],
    "vsock": [40, 1, 0],
    "the kernel's crypto": [38, 5, 0],
    "xdp": [44, 3, 0],
    "kernel key": [15, 3, 2],
    "bluetooth": [31, 3, 1],
    "can": [29, 3, 1],
    "tipc": [30, 2, 0],
  };

const IO_URING = [["setup", 425], ["enter", 426], ["register", 427]] as const;

export const NETWORK_CASES: readonly AttackCase[] = [
  {
    ...about,
    name: "bash connects to a port of this machine",
    attack: (
      { shared: { tcpPort }, token },
    ) => [bash(`exec 3<>/dev/tcp/127.0.0.1/${tcpPort}; echo ${token} >&3; read -t 5 -u 3`)],
  },
  {
    ...about,
    name: "bash connects over IPv6",
    attack: (
      { shared: { tcp6Port }, token },
    ) => [bash(`exec 3<>/dev/tcp/::1/${tcp6Port}; echo ${token} >&3; read -t 5 -u 3`)],
  },
  {
    ...about,
    name: "bash sends a datagram",
    attack: (
      { shared: { udpPort }, token },
    ) => [bash(`echo ${token} > /dev/udp/127.0.0.1/${udpPort}; sleep 0.2`)],
  },
  {
    ...about,
    row: 11,
    name: "data leaves in a question for a name, by udp and by tcp",
    attack: ({ shared: { udpPort, tcpPort }, token }) => {
      const question = `\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x${
        token.length.toString(16).padStart(2, "0")
      }${token}\\x03com\\x00\\x00\\x01\\x00\\x01`;
      return [
        bash(
          `printf '${question}' > /dev/udp/127.0.0.1/${udpPort}; printf '${question}' > /dev/tcp/127.0.0.1/${tcpPort}; sleep 0.2`,
        ),
      ];
    },
  },
  {
    ...about,
    name: "curl, wget and nc connect",
    attack: ({ shared: { tcpPort, socket }, token }) => [
      bash(
        `curl -sm 2 http://127.0.0.1:${tcpPort}/${token}; curl -sm 2 --unix-socket ${socket} http://x/${token}; ` +
          `wget -qT 2 -t 1 -O- http://127.0.0.1:${tcpPort}/${token}; echo ${token} | timeout 2 nc -N 127.0.0.1 ${tcpPort}; true`,
      ),
    ],
  },
  {
    ...about,
    name: "a unix socket outside",
    attack: ({ shared: { socket }, token }) => [bash(unixConnect(socket, token))],
  },
  {
    ...about,
    name: "a unix socket in the workspace",
    attack: ({ shared: { insideSocket }, token }) => [bash(unixConnect(insideSocket, token))],
  },
  {
    ...about,
    name: "data in the first packet, without a connect",
    attack: ({ shared: { tcpPort }, token }) => [
      bash(eitherOf(
        `use Socket; socket(my $s, AF_INET, SOCK_STREAM, 0) or die "$!"; send($s, "${token}", 0x20000000, pack_sockaddr_in(${tcpPort}, inet_aton("127.0.0.1"))) or die "$!"; select(undef, undef, undef, 0.2);`,
        `import socket, time\ns = socket.socket()\ns.sendto(b"${token}", 0x20000000, ("127.0.0.1", ${tcpPort}))\ntime.sleep(0.2)`,
      )),
    ],
  },
  {
    ...about,
    name: "a port is opened for others",
    attack: () => [
      bash(eitherOf(
        `use Socket; socket(my $s, AF_INET, SOCK_STREAM, 0) or die "$!"; bind($s, pack_sockaddr_in(0, inet_aton("127.0.0.1"))) or die "$!"; listen($s, 1) and print "REACHED\\n";`,
        `import socket\ns = socket.socket()\ns.bind(("127.0.0.1", 0))\ns.listen()\nprint("REACHED")`,
      )),
    ],
  },
  {
    ...about,
    name: "an abstract unix socket",
    attack: () => [
      bash(eitherOf(
        `use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die "$!"; bind($s, pack("Sa*", AF_UNIX, "\\0sheath-$$")) and print "REACHED\\n";`,
        `import socket, os\ns = socket.socket(socket.AF_UNIX)\ns.bind("\\0sheath-%d" % os.getpid())\nprint("REACHED")`,
      )),
    ],
  },
  ...Object.entries(SOCKETS).map(([what, [family, type, protocol]]): AttackCase => ({
    ...about,
    name: `a socket is made: ${what}`,
    attack: () => [bash(rawCall(SOCKET, family, type, protocol))],
  })),
  ...IO_URING.map(([what, number]): AttackCase => ({
    ...about,
    name: `io_uring_${what}`,
    attack: () => [bash(rawCall(call(number), -1, 0, 0, 0, 0, 0))],
  })),
  {
    ...about,
    name: "a socket by the numbers of another architecture",
    attack:
      () => [bash(rawCall(call(0x40000000 + 41, undefined), 1, 1, 0)), bash(foreignProgram())],
  },
  ...(["shmget", "msgget", "semget"] as const).map((what, index): AttackCase => ({
    ...about,
    name: `memory and queues of others: ${what}`,
    attack: () => [
      bash(
        rawCall(
          [call(29, 194), call(68, 186), call(64, 190)][index] ?? call(29, 194),
          0x5ea7,
          0,
          0,
        ),
      ),
    ],
  })),
  {
    ...about,
    name: "memory and queues of others: mq_open",
    attack: () => [bash(rawCall(call(240, 180), "sheath-no-such-queue", 0, 0, 0))],
  },
];

function unixConnect(path: string, token: string): string {
  return eitherOf(
    `use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die "$!"; connect($s, pack_sockaddr_un("${path}")) or die "$!"; syswrite($s, "${token}"); select(undef, undef, undef, 0.2);`,
    `import socket, time\ns = socket.socket(socket.AF_UNIX)\ns.connect("${path}")\ns.send(b"${token}")\ntime.sleep(0.2)`,
  );
}

/**
 * A program of 32 bits, which makes a socket by number 359 and prints REACHED when it was let; where
 * the machine runs none the control fails.
 */
function foreignProgram(): string {
  const code = [
    ..."b8 67 01 00 00 bb 01 00 00 00 b9 01 00 00 00 31 d2 cd 80".split(" "), // socket(1, 1, 0)
    ..."85 c0 78 16".split(" "), // to the end if it failed
    ..."b8 04 00 00 00 bb 01 00 00 00 b9 8b 80 04 08 ba 08 00 00 00 cd 80".split(" "), // write
    ..."b8 01 00 00 00 31 db cd 80".split(" "), // exit
  ];
  const header = [
    ..."7f 45 4c 46 01 01 01 00 00 00 00 00 00 00 00 00 02 00 03 00 01 00 00 00".split(" "),
    ..."54 80 04 08 34 00 00 00 00 00 00 00 00 00 00 00 34 00 20 00 01 00 28 00 00 00 00 00".split(
      " ",
    ),
    ..."01 00 00 00 00 00 00 00 00 80 04 08 00 80 04 08 00 02 00 00 00 02 00 00 05 00 00 00 00 10 00 00"
      .split(" "),
  ];
  const text = [..."REACHED\n"].map((it) => it.charCodeAt(0).toString(16).padStart(2, "0"));
  const start = header.length + code.length;
  const address = (0x08048000 + start).toString(16).padStart(8, "0").match(/../g)?.reverse() ?? [];
  const at = code.indexOf("8b");
  const placed = code.with(at, address[0] ?? "").with(at + 1, address[1] ?? "");
  const bytes = [...header, ...placed, ...text].map((it) => `\\x${it}`).join("");
  return `printf '${bytes}' > foreign; head -c 1024 /dev/zero >> foreign; chmod +x foreign; ./foreign`;
}
