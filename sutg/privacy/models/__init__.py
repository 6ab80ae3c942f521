from sutg.privacy.models.provider_key import ProviderKey
from sutg.privacy.models.retention import RetentionForecast, RetentionHold, RetentionPeriod

__all__ = ["ProviderKey", "RetentionForecast", "RetentionHold", "RetentionPeriod"]
