// The one translation unit that holds the bodies of Asio and Beast (separate compilation): it costs
// half a minute once, and a change in any file of this project then rebuilds in seconds.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
