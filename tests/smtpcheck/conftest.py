from tests.moving import MovingLoop


def pytest_asyncio_loop_factories(config, item):
    return {"moving": MovingLoop}
