//! Whose word about an address is believed: that of a proxy which is known.

use std::net::{IpAddr, SocketAddr};

/// Goes back from the nearest to the first who is no proxy of ours. Each proxy adds whom it saw at
/// the end, so that whatever a client wrote there itself stands before that.
pub fn client(peer: IpAddr, forwarded: &str, trusted: &[IpAddr]) -> IpAddr {
    let mut nearest = peer.to_canonical();
    for said in forwarded.rsplit(',') {
        if !trusted.iter().any(|proxy| proxy.to_canonical() == nearest) {
            break;
        }
        match address(said.trim()) {
            Some(address) => nearest = address.to_canonical(),
            None => break,
        }
    }
    nearest
}

/// An address, with or without a port: some proxies add one.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let trusted: Vec<IpAddr> = trusted.iter().map(|ip| ip.parse().unwrap()).collect();
        client(peer.parse().unwrap(), forwarded, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(from("127.0.0.1", "192.0.2.1", &["127.0.0.1"]), "192.0.2.1");
        assert_eq!(from("127.0.0.1", "192.0.2.1", &[]), "127.0.0.1");
        assert_eq!(from("198.51.100.7", "192.0.2.1", &["127.0.0.1"]), "198.51.100.7");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        assert_eq!(from("127.0.0.1", "10.0.0.1, 192.0.2.1", &["127.0.0.1"]), "192.0.2.1");
    }

    #[test]
    fn a_chain_of_our_proxies_is_followed() {
        let ours = ["127.0.0.1", "10.0.0.5"];
        assert_eq!(from("127.0.0.1", "192.0.2.1, 10.0.0.5", &ours), "192.0.2.1");
        assert_eq!(from("::ffff:127.0.0.1", "[2001:db8::1]:443,10.0.0.5:80", &ours), "2001:db8::1");
    }

    #[test]
    fn nonsense_ends_at_who_said_it() {
        for nonsense in ["", "unknown", "?, ", "192.0.2.1, _hidden", "999.1.1.1", "[::1"] {
            assert_eq!(from("127.0.0.1", nonsense, &["127.0.0.1"]), "127.0.0.1", "{nonsense}");
        }
    }
}
