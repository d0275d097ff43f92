//! Going on with the current model while it is changed.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, TryLockError};

use super::error::RegistryError;
use super::registry::Registry;
use crate::correct::Corrector;
use crate::model::{Model, ModelError, ModelId};

/// The current model of a registry, or what is made of it, for a program that runs for long. One serves all threads.
///
/// [`Watch::get`] hands out what is current and touches no file; [`Watch::refresh`] looks whether another model has become
/// current (it reads one small file), and opens that. Whoever got the former keeps it as long as it likes: models are never written
/// over, so the map beneath it stays valid, and it is unmapped when the last has let go.
///
/// ```no_run
/// use amend::registry::{Registry, Watch};
///
/// let watch = Watch::correctors(Registry::new("models"))?;
/// for text in ["tbe first request", "tbe second"] {
///     // Once a request, or once a minute. What cannot be opened changes nothing.
///     if let Err(error) = watch.refresh() {
///         eprintln!("the former model goes on: {error}");
///     }
///     let corrector = watch.get();
///     println!("{}", corrector.worker().correct(text).text());
/// }
/// # Ok::<(), amend::registry::RegistryError>(())
/// ```
pub struct Watch<T> {
    registry: Registry,
    make: Box<dyn Fn(Model) -> Result<T, ModelError> + Send + Sync>,
    held: RwLock<(ModelId, Arc<T>)>,
    refreshing: Mutex<()>,
}

impl Watch<Corrector> {
    /// Correctors as they come: [`Corrector::new`].
    ///
    /// # Errors
    /// As [`Watch::new`].
    pub fn correctors(registry: Registry) -> Result<Self, RegistryError> {
        Self::new(registry, Corrector::new)
    }
}

impl<T> Watch<T> {
    /// What `make` makes of the current model, now and whenever there is another: a corrector with options, or the
    /// model itself (`Watch::new(registry, Ok)`).
    ///
    /// # Errors
    /// [`RegistryError`]: there is no current model, or it cannot be opened, or `make` refuses it.
    pub fn new(
        registry: Registry,
        make: impl Fn(Model) -> Result<T, ModelError> + Send + Sync + 'static,
    ) -> Result<Self, RegistryError> {
        let model = registry.open_current()?;
        let held = RwLock::new((model.id(), Arc::new(make(model)?)));
        Ok(Self { registry, make: Box::new(make), held, refreshing: Mutex::new(()) })
    }

    /// What is current since the last [`Watch::refresh`].
    pub fn get(&self) -> Arc<T> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// The model behind it.
    pub fn id(&self) -> ModelId {
        self.held.read().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Takes up the model that is current now. Whether it is another one. While one thread opens it, others that ask go on
    /// with the former at once.
    ///
    /// # Errors
    /// [`RegistryError`] as [`Watch::new`]; the former stays.
    pub fn refresh(&self) -> Result<bool, RegistryError> {
        let _one = match self.refreshing.try_lock() {
            Ok(one) => one,
            Err(TryLockError::Poisoned(one)) => one.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(false),
        };
        if self.registry.current()? == Some(self.id()) {
            return Ok(false);
        }
        let model = self.registry.open_current()?;
        let new = (model.id(), Arc::new((self.make)(model)?));
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(true)
    }
}

impl<T> fmt::Debug for Watch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watch({} in {})", self.id(), self.registry.folder().display())
    }
}
