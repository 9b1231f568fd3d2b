// all.hpp: everything but the testing kit.

#pragma once

#include "wsengine/beast.hpp"
#include "wsengine/callbacks.hpp"
#include "wsengine/client_actor.hpp"
#include "wsengine/close.hpp"
#include "wsengine/connection_actor.hpp"
#include "wsengine/connector.hpp"
#include "wsengine/engine_actor.hpp"
#include "wsengine/error.hpp"
#include "wsengine/handshake.hpp"
#include "wsengine/host.hpp"
#include "wsengine/hosted.hpp"
#include "wsengine/message.hpp"
#include "wsengine/options.hpp"
#include "wsengine/provider.hpp"
#include "wsengine/proxy.hpp"
#include "wsengine/register_types.hpp"
#include "wsengine/secret.hpp"
#include "wsengine/session.hpp"
#include "wsengine/spawn_engine.hpp"
#include "wsengine/url.hpp"
